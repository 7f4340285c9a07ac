# frozen_string_literal: true

# Executes every call of the file in the first argument with the client that is loaded, in place of a compiler. No request is
# sent: every argument must arrive in the request, and the response has every property that the client knows.

require "json"
require File.expand_path(ARGV.fetch(0))

# A value that passes as a text, a number, a time, a list, a map or an object, and is recognised in a request by its name.
class Sample < Array
  def initialize(name)
    super()
    @name = name
  end

  def is_a?(type) = type == Hash || super
  def >(_other) = false
  def <(_other) = false
  def =~(_pattern) = 0
  def key?(_name) = true
  def [](_name) = self
  def map = [yield(self)]
  def to_s = "value of #{@name}"
  alias inspect to_s
end

# Values for any name, which remember what was read.
class AnyValues
  attr_reader :names

  def initialize
    @names = []
  end

  def key?(_name) = true

  def [](name)
    return self if name == :body

    @names << name
    Sample.new(name)
  end
end

# Records what would be sent, and responds with the type that the operation returns.
class Recorder < Latchkey::ApiClient
  attr_reader :sent

  def call_api(method, path, opts = {})
    parts = opts.values_at(:query_params, :header_params, :form_params, :body)
    @sent = "#{method} #{CGI.unescape(path)} #{parts.inspect}"
    [sample(opts[:return_type]), 200, {}]
  end

  # The body as the properties of the client's model, whose text hides secrets; the model rejects unknown ones itself.
  def object_to_http_body(model)
    return model.map { |part| object_to_http_body(part) } if model.instance_of?(Array)
    return model unless model.is_a?(Latchkey::ApiModelBase)

    model.class.attribute_map.keys.to_h { |name| [name, object_to_http_body(model.public_send(name))] }
  end

  def sample(type)
    case type
    when nil then nil
    when /\AArray<(.*)>\z/ then [sample(Regexp.last_match(1))]
    when /\AHash<String, (.*)>\z/ then { "name" => sample(Regexp.last_match(1)) }
    when "String", "Time", "Integer", "Boolean", "Object" then type
    else
      model = Latchkey.const_get(type)
      model.respond_to?(:openapi_types) ? model.new(model.openapi_types.transform_values { |part| sample(part.to_s) }) : type
    end
  end
end

def message(error)
  error.is_a?(NoMethodError) ? "#{error.receiver.class} has no #{error.name}" : error.message
end

config = Latchkey::Configuration.new
config.client_side_validation = false
failures = Calls::CALLS.filter_map do |operation, call|
  client = Recorder.new(config)
  arguments = AnyValues.new
  call.call(client, arguments)
  lost = arguments.names.reject { |name| client.sent.include?("value of #{name}") }
  "#{operation}: #{lost.join(", ")} is not sent" unless lost.empty?
rescue StandardError => e
  "#{operation}: #{message(e)}"
end
%w[HTTPValidationError Problem TokenError].each do |name|
  Calls.read_error(Recorder.new(config).sample(name))
rescue StandardError => e
  failures << "#{name}: #{message(e)}"
end
abort failures.join("\n") unless failures.empty?
