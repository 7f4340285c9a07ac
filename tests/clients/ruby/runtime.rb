# frozen_string_literal: true

# Tests of the Ruby runtime alone: processes, connections, adapters, and what is printed; the rest is in methods.yaml.

require "latchkey_client"
require "minitest/autorun"
require "pp"
require "socket"

# Responds to requests on each connection by a block, and remembers which connection each request came on.
class LocalServer
  attr_reader :url, :seen

  def initialize(&respond)
    @listener = TCPServer.new("127.0.0.1", 0)
    @url = "http://127.0.0.1:#{@listener.addr[1]}"
    @respond = respond
    @seen = []
    @threads = [Thread.new { loop { accept(@listener.accept) } }]
  end

  def stop
    @threads.each(&:kill)
    @listener.close
  end

  private

  def accept(socket)
    number = @threads.size
    @threads << Thread.new do
      while socket.gets
        length = 0
        while (header = socket.gets) != "\r\n"
          length = header[/\Acontent-length: (\d+)/i, 1]&.to_i || length
        end
        socket.read(length)
        @seen << number
        @respond.call(socket)
      end
    end
  end
end

# A client without a Latchkey.
class ClientTest < Minitest::Test
  USER = {
    id: 1, username: "ann", role: "admin", kind: "user", project: "default", roles: [],
    created_at: "2026-01-01T00:00:00Z"
  }.to_json
  SECRET = "lk_a_secret_that_nobody_may_see"

  def respond(socket, status: "200 OK", body: USER)
    socket.write("HTTP/1.1 #{status}\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
  end

  def serving(respond = method(:respond))
    server = LocalServer.new(&respond)
    yield server, Latchkey::Client.new(url: server.url, api_key: SECRET)
  ensure
    server&.stop
  end

  # A client whose adapter takes these steps, one after the other: a response, or an error that it raises.
  def scripted(*steps, **settings)
    @requests = []
    adapter = lambda do |request, _seconds|
      @requests << request
      step = steps.shift
      step.is_a?(Exception) ? raise(step) : Latchkey::Response.new(*step)
    end
    Latchkey::Client.new(url: "http://latchkey.test", api_key: SECRET, adapter: adapter, **settings)
  end

  # Executes the block so many seconds later, by the client's clock.
  def after(seconds)
    Latchkey::Attempts.define_singleton_method(:now) { Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds }
    yield
  ensure
    Latchkey::Attempts.define_singleton_method(:now) { Process.clock_gettime(Process::CLOCK_MONOTONIC) }
  end

  def valid(**more)
    [200, {}, {valid: true, code: "valid", stale: false, unrestricted: true, **more}.to_json]
  end

  def test_a_forked_process_has_connections_of_its_own
    serving do |server, client|
      client.whoami
      _, status = Process.wait2(fork { exit!(client.whoami.username == "ann") })
      assert_predicate status, :success?
      client.whoami
      first, child, second = server.seen
      refute_equal first, child
      assert_equal first, second
    end
  end

  def test_a_process_forked_within_calls_can_call
    slow = lambda do |socket|
      sleep 0.5
      respond(socket)
    end
    serving(slow) do |_, client|
      calls = Array.new(Latchkey::Connections::LIMIT) { Thread.new { client.whoami } }
      sleep 0.2
      _, status = Process.wait2(fork { exit!(client.whoami(timeout: 3).username == "ann") })
      assert_predicate status, :success?
      calls.each(&:join)
    end
  end

  def test_connections_are_limited_and_used_again
    serving do |server, client|
      Array.new(150) { Thread.new { client.whoami(timeout: 30) } }.each(&:join)
      assert_equal 150, server.seen.size
      assert_operator server.seen.uniq.size, :<=, Latchkey::Connections::LIMIT
      before = server.seen.uniq.size
      client.whoami
      assert_equal before, server.seen.uniq.size
    end
  end

  def test_an_idle_connection_is_closed_before_the_server_closes_it
    serving do |server, client|
      client.whoami
      after(Latchkey::Connections::IDLE_TIMEOUT + 1) { client.whoami }
      assert_equal 2, server.seen.uniq.size
    end
  end

  def test_the_time_limit_is_that_of_the_whole_response
    trickle = lambda do |socket|
      socket.write("HTTP/1.1 200 OK\r\nX-Slow: ")
      100.times do
        sleep 0.1
        socket.write("x")
      end
    end
    serving(trickle) do |_, client|
      started_at = Latchkey::Attempts.now
      assert_raises(Latchkey::TimeoutError) { client.whoami(timeout: 0.5) }
      assert_operator Latchkey::Attempts.now - started_at, :<, 3
    end
  end

  def test_net_http_is_configured_by_a_block
    serving do |server, _|
      configured = []
      Latchkey::Client.new(url: server.url, api_key: SECRET) { |http| configured << http.class }.whoami
      assert_equal [Net::HTTP], configured
    end
  end

  def test_a_lost_response_of_an_adapter_is_a_connection_error
    client = scripted(IOError.new("lost"), valid)
    error = assert_raises(Latchkey::ConnectionError) { client.verify(key: "k") }
    assert_equal "no response: lost", error.message
    assert_equal 1, @requests.size
  end

  def test_other_errors_are_raised_as_they_are
    client = scripted(KeyError.new("a mistake"), valid)
    assert_raises(KeyError) { client.whoami }
    assert_equal 1, @requests.size
  end

  def test_a_call_can_be_cancelled
    serving(->(_) { sleep }) do |_, client|
      cancelled = Class.new(StandardError)
      assert_raises(cancelled) { Timeout.timeout(0.2, cancelled) { client.whoami } }
      assert_raises(Timeout::Error) { Timeout.timeout(0.2) { client.whoami } }
    end
  end

  def test_what_is_not_http_is_a_lost_response
    serving(->(socket) { socket.write("#{SECRET}\r\n\r\n") }) do |_, client|
      error = assert_raises(Latchkey::ConnectionError) { client.verify(key: "k") }
      refute_includes error.full_message, SECRET
    end
  end

  def test_what_was_not_sent_is_repeated
    assert scripted(Latchkey::NotConnected.new, valid).verify(key: "k").valid
    assert_equal 2, @requests.size
  end

  def test_wrong_arguments_are_no_requests
    client = scripted
    assert_raises(ArgumentError) { client.verify(key: "k", scopse: []) }
    assert_raises(ArgumentError) { client.keys.list(limti: 1) }
    assert_raises(ArgumentError) { client.keys.create(policy: {rate_limit: {request: 1, seconds: 1}}) }
    assert_empty @requests
  end

  def test_hashes_stand_for_objects_and_maps
    record = {id: 1, key_prefix: "lk_", user_id: 1, status: "active", full_key: SECRET}.to_json
    client = scripted([201, {}, record])
    client.keys.create(
      policy: {"scopes" => ["a"], not_before: Time.utc(2030), rate_limit: nil}, metadata: {"team" => "x"}
    )
    assert_equal(
      {
        "policy" => {"scopes" => ["a"], "not_before" => "2030-01-01T00:00:00.000000Z", "rate_limit" => nil},
        "metadata" => {"team" => "x"}
      },
      JSON.parse(@requests.first.body)
    )
  end

  def test_lists_take_a_block_and_start_again
    page = [200, {}, {items: [], next_cursor: nil}.to_json]
    client = scripted(page, page, page)
    client.audit.events(until: Time.utc(2030)) { flunk }
    events = client.audit.events
    assert_equal [[], []], [events.to_a, events.to_a]
    assert_equal "until=2030-01-01T00%3A00%3A00.000000Z", @requests.first.url.query
    assert_equal 3, @requests.size
  end

  def test_a_list_ends_only_at_its_last_page
    item = {user_id: 1, kind: "user", name: "ann", role: "admin"}
    client = scripted([200, {}, {items: [item], next_cursor: nil}.to_json])
    # Kernel#loop would take it for the end.
    stop = ->(_) { raise StopIteration }
    assert_raises(StopIteration) { client.members.list("acme").each(&stop) }
  end

  # A client that logs in, and what its requests were.
  def logging_in(lifetime)
    paths = Queue.new
    adapter = lambda do |request, _seconds|
      paths << request.url.path
      next Latchkey::Response.new(200, {}, USER) unless request.url.path == "/token"

      sleep 0.1
      Latchkey::Response.new(
        200, {}, {access_token: SECRET, token_type: "bearer", expires_in: lifetime, scope: ""}.to_json
      )
    end
    settings = {url: "http://latchkey.test", username: "ann", password: SECRET}
    [Latchkey::Client.new(**settings, adapter: adapter), paths]
  end

  def test_threads_log_in_once
    client, paths = logging_in(3600)
    Array.new(20) { Thread.new { client.whoami } }.each(&:join)
    assert_equal 1, Array.new(paths.size) { paths.pop }.count("/token")
    error = assert_raises(Latchkey::TimeoutError) do
      slow, = logging_in(3600)
      Thread.new { slow.whoami }
      sleep 0.05
      slow.whoami(timeout: 0.01)
    end
    assert_match(/0.01 s/, error.message)
  end

  def test_a_token_is_renewed_before_it_ends
    client, paths = logging_in(100)
    2.times { client.whoami }
    after(91) { client.whoami }
    assert_equal %w[/token /v1/users/me /v1/users/me /token /v1/users/me], Array.new(paths.size) { paths.pop }
  end

  def test_the_credential_of_the_environment
    {"LATCHKEY_URL" => "", "LATCHKEY_API_KEY" => nil}.each { |name, value| ENV[name] = value }
    assert_raises(ArgumentError) { Latchkey::Client.new(api_key: SECRET) }
    assert_raises(ArgumentError) { Latchkey::Client.new(url: "http://latchkey.test") }
    assert_raises(ArgumentError) { Latchkey::Client.new(url: "http://latchkey.test", token: "t", username: "u", password: "p") }
    error = assert_raises(ArgumentError) { Latchkey::Client.new(url: "http://u:#{SECRET}@latchkey.test", token: "t") }
    refute_includes error.full_message, SECRET
    error = assert_raises(ArgumentError) { Latchkey::Client.new(url: "http://latchkey.test", token: "#{SECRET}\n") }
    refute_includes error.full_message, SECRET
  end

  def test_no_text_has_a_secret
    config = Latchkey::Configuration.new
    config.access_token = config.api_key["X-API-Key"] = config.password = SECRET
    client = scripted([200, {}, %({"full_key": "#{SECRET}")])
    error = assert_raises(Latchkey::Error) { client.keys.get(1) }
    models = [
      Latchkey::APIKeyRecordRead.new(id: 1, key_prefix: "lk_", user_id: 1, full_key: SECRET),
      Latchkey::TokenResponse.new(access_token: SECRET, token_type: "bearer", expires_in: 1, scope: ""),
      Latchkey::APIKeyRevocation.new(filter: Latchkey::APIKeyFilter.new(key: SECRET), dry_run: true, limit: 1)
    ]
    printed = [config, Latchkey::ApiClient.new(config), client, *@requests, *models].map do |value|
      "#{value} #{value.inspect} #{PP.pp(value, +"")}"
    end
    printed << error.full_message
    refute_includes printed.join, SECRET
    assert_equal SECRET, models.first.full_key
    assert_includes models.first.inspect, 'full_key="***"'
  end
end
