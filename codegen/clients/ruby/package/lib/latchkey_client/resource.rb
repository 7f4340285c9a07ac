# frozen_string_literal: true

require "uri"

module Latchkey
  # A group of methods, which have the names of the contract.
  class Resource
    # A property that is left out of a body; nil is null.
    ABSENT = Object.new
    def ABSENT.inspect
      "ABSENT"
    end

    def initialize(transport)
      @transport = transport
    end

    def inspect
      "#<#{self.class} #{@transport.url}>"
    end

    private

    # Calls an operation of the core.
    def call(api, operation, arguments, parameters, policy, options)
      request(api, operation, arguments, parameters, @transport.attempts(policy, options)).first
    end

    # An enumerator over the items of all pages, which are requested as they are needed. `kind` says where a page has
    # the cursor of the next one: `:link` or `:cursor`.
    def pages(kind, api, operation, arguments, parameters, policy, options, &block)
      # Wrong options are reported here, not at the first item.
      @transport.attempts(policy, options)
      items = Enumerator.new do |yielder|
        cursor = nil
        is_last = false
        until is_last
          attempts = @transport.attempts(policy, options)
          page, _, response = request(api, operation, arguments, parameters.merge(cursor: cursor), attempts)
          items_of(kind, page, response).each { |item| yielder << item }
          following = next_cursor(kind, page, response)
          is_last = following.nil?
          if !is_last && following == cursor
            raise Errors.unreadable(response, "the list does not end: its next page is the same")
          end

          cursor = following
        end
      end
      block ? items.each(&block) : items
    end

    def request(api, operation, arguments, parameters, attempts)
      api.new(@transport).public_send(:"#{operation}_with_http_info", *arguments, parameters.merge(attempts: attempts))
    end

    def items_of(kind, page, response)
      items = kind == :cursor ? page.items : page
      items.any?(&:nil?) ? raise(Errors.unreadable(response)) : items
    end

    def next_cursor(kind, page, response)
      return page.next_cursor if kind == :cursor

      target = response["link"].to_s[/<([^>]*)>\s*;[^,<]*\brel="?next\b/, 1]
      URI.decode_www_form(URI(target).query).to_h.fetch("cursor") if target
    rescue URI::Error, ArgumentError, KeyError, NoMethodError
      raise Errors.unreadable(response)
    end

    # A model of the properties that are given. Hashes in the place of models become models, which know their members.
    def build(type, **values)
      given = values.reject { |_, value| value.equal?(ABSENT) }
      type.new(given.to_h { |name, value| [name, inner(type.openapi_types[name.to_sym], value)] })
    end

    def inner(type, value)
      return value if !value.is_a?(Hash) || type.nil? || type.start_with?("Hash<")

      build(Latchkey.const_get(type), **value)
    end
  end
end
