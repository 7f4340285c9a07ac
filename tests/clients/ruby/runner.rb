# frozen_string_literal: true

# Executes the steps of the scenario and of the methods with the Ruby client; ../README.md describes the protocol.

require "json"
require_relative "../../../generated/client-calls/ruby/calls"
require_relative "steps"

def client(request)
  config = Latchkey::Configuration.new
  config.scheme, config.host = request[:base_url].split("://")
  config.access_token = request[:credentials][:bearer]
  config.api_key["X-API-Key"] = request[:credentials][:api_key]
  Latchkey::ApiClient.new(config)
end

def execute(request)
  body, status, headers = Calls::CALLS.fetch(request[:operation]).call(client(request), request[:arguments])
  {status: status, headers: headers.to_h.transform_keys(&:downcase), body: body}.compact
rescue Calls::Rejected => e
  {rejected: e.message}
rescue Latchkey::ApiError => e
  return {failure: e.message} if e.code.to_i.zero?

  schema, body = Calls.read_error(e.model)
  {status: e.code, headers: e.response_headers.to_h.transform_keys(&:downcase), error: schema, body: body}.compact
rescue StandardError => e
  {failure: e.full_message(highlight: false)}
end

steps = Steps.new
$stdout.sync = true
$stdin.each_line do |line|
  request = JSON.parse(line, symbolize_names: true)
  puts JSON.generate(request.key?(:method) ? steps.execute(request) : execute(request))
end
