# frozen_string_literal: true

require "latchkey_client/secrets"

module Latchkey
  # What models have beyond their properties: the response that they were in, and no secrets in their text.
  module Received
    # @return [Response, nil] the response that had this as its body; items of lists have none
    attr_accessor :response

    def inspect
      "#<#{[self.class, shown.map { |name, value| "#{name}=#{value.inspect}" }.join(", ")].join(" ").strip}>"
    end
    alias to_s inspect

    def pretty_print(printer)
      printer.object_group(self) do
        printer.seplist(shown, -> { printer.text(",") }) do |name, value|
          printer.breakable
          printer.group(1) do
            printer.text("#{name}=")
            printer.pp(value)
          end
        end
      end
    end

    private

    # The properties that are set, by their names.
    def shown
      secrets = SECRETS.fetch(self.class.name, [])
      names = self.class.attribute_map.keys.select { |name| instance_variable_defined?(:"@#{name}") }
      names.to_h do |name|
        value = public_send(name)
        [name, value && secrets.include?(name) ? "***" : value]
      end
    end
  end
end
