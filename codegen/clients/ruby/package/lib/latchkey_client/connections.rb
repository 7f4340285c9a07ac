# frozen_string_literal: true

require "net/http"
require "timeout"

module Latchkey
  # The adapter of clients that are given none: sends requests over connections to one server, from any thread, and from
  # processes that were forked after the first use.
  #
  # It is Net::HTTP, not the core's libcurl: on a connection that was used before, libcurl repeats a request whose
  # response was lost by itself, and the server would verify a key twice.
  class Connections
    LIMIT = 100
    CONNECT_TIMEOUT = 2.0
    # The server closes idle connections after 30 s, unless it is configured otherwise.
    IDLE_TIMEOUT = 15.0
    # Net::HTTP connects again by itself if the server has closed the connection while it was idle.
    NOT_CONNECTED = [
      Errno::ECONNREFUSED, Errno::EHOSTUNREACH, Errno::ENETUNREACH, SocketError, Net::OpenTimeout
    ].freeze

    # The block gets each Net::HTTP before it connects.
    def initialize(url, &configure)
      @url = url
      @configure = configure
      @places = Places.new(LIMIT)
      @lock = Mutex.new
      @process = Process.pid
      # Connections, and when they were last used; the oldest first.
      @idle = []
    end

    # The response to a request; it raises one of `Transport::FAILURES` if there is none.
    def call(request, seconds)
      finish = Attempts.now + seconds
      @places.take(seconds) do
        left = [finish - Attempts.now, 0.001].max
        # Net::HTTP limits each read and write, not all of them together.
        ::Timeout.timeout(left) { exchange(request, left) }
      end
    end

    # Closes the idle connections.
    def close
      close_all(synchronized { @idle.slice!(0..) })
    end

    private

    def exchange(request, left)
      http = idle || connect(left)
      response = http.request(message(request))
      # Net::HTTP returns the part of a body that it got.
      length = response.content_length
      raise EOFError, "the response is incomplete" if length && response.body.to_s.bytesize < length

      synchronized { @idle << [http, Attempts.now] }
      http = nil
      Response.new(response.code.to_i, response.to_hash, response.body)
    rescue *NOT_CONNECTED => e
      raise NotConnected, e.message
    rescue Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError
      # Without the cause: its text may have parts of the response.
      raise IOError, "the response is not HTTP", cause: nil
    ensure
      http.finish if http&.started?
    end

    def message(request)
      kind = Net::HTTP.const_get(request.http_method.capitalize)
      kind.new(request.url.request_uri, request.headers).tap { |message| message.body = request.body }
    end

    def idle
      synchronized do
        oldest = Attempts.now - IDLE_TIMEOUT
        expired = @idle.take_while { |_, used_at| used_at < oldest }
        close_all(@idle.shift(expired.size))
        @idle.pop&.first
      end
    end

    def close_all(connections)
      connections.each { |http, _| http.finish if http.started? }
    end

    def connect(left)
      http = Net::HTTP.new(@url.hostname, @url.port)
      http.use_ssl = @url.scheme == "https"
      http.open_timeout = [CONNECT_TIMEOUT, left].min
      http.read_timeout = http.write_timeout = nil
      http.keep_alive_timeout = IDLE_TIMEOUT
      http.max_retries = 0
      @configure&.call(http)
      begin
        http.start
      rescue IOError, SystemCallError, SocketError, OpenSSL::SSL::SSLError, Net::ProtocolError, ::Timeout::Error => e
        raise NotConnected, e.message
      end
    end

    # A forked process leaves the connections to its parent.
    def synchronized
      @lock.synchronize do
        unless @process == Process.pid
          @process = Process.pid
          @idle = []
        end
        yield
      end
    end
  end
end
