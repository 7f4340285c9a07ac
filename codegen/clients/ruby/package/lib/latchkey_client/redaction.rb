# frozen_string_literal: true

module Latchkey
  # The settings of a client of the core, whose text does not show the credentials.
  class Configuration
    def inspect
      "#<#{self.class} #{base_url}>"
    end
  end

  # A client of the core, whose text shows neither its settings nor its headers.
  class ApiClient
    def inspect
      "#<#{self.class} #{config.base_url}>"
    end
  end
end
