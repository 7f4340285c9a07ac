# frozen_string_literal: true

module Latchkey
  # The properties that are secrets, by their models.
  SECRETS = {
    "Latchkey::APIKeyRecordRead" => %i[full_key],
    "Latchkey::APIKeyVerify" => %i[key],
    "Latchkey::IntrospectionRequest" => %i[token],
    "Latchkey::RevocationRequest" => %i[token],
    "Latchkey::UserCreate" => %i[password],
    "Latchkey::UserUpdate" => %i[password],
    "Latchkey::PasswordChange" => %i[current new],
    "Latchkey::APIKeyFilter" => %i[key],
    "Latchkey::TokenRequest" => %i[password],
    "Latchkey::TokenResponse" => %i[access_token],
  }.freeze
end
