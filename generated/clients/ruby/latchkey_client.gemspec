# frozen_string_literal: true

require_relative "lib/latchkey_client/version"

Gem::Specification.new do |gem|
  gem.name = "latchkey_client"
  gem.version = Latchkey::VERSION
  gem.summary = "Client of Latchkey, an API-key service"
  gem.authors = ["The Latchkey authors"]
  gem.license = "Apache-2.0"
  gem.required_ruby_version = ">= 2.7"
  gem.files = Dir["lib/**/*.rb"] + %w[LICENSE README.md]
  gem.add_runtime_dependency "typhoeus", "~> 1.0", ">= 1.0.1"
end
