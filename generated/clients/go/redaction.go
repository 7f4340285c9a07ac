// Models that have secrets, as they are printed and logged. Generated from the contract; do not edit.

package latchkey

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// What is printed in place of a secret.
const hidden = "***"

// printed is a model without its secrets.
func printed(name string, redacted any) string {
	text, err := json.Marshal(redacted)
	if err != nil {
		return "latchkey." + name + "{}"
	}
	return "latchkey." + name + string(text)
}

func redactedList[T interface{ redacted() T }](models []T) []T {
	if models == nil {
		return nil
	}
	copied := make([]T, len(models))
	for i, model := range models {
		copied[i] = model.redacted()
	}
	return copied
}

// String hides the credential of the generated core.
func (APIKey) String() string { return "latchkey.APIKey{" + hidden + "}" }

// GoString is the same as String.
func (k APIKey) GoString() string { return k.String() }

// Format prints the same for every verb.
func (k APIKey) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, k.String()) }

// LogValue is the same as String.
func (k APIKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o APIKeyVerify) redacted() APIKeyVerify {
	o.Key = hidden
	return o
}

// String has no secrets.
func (o APIKeyVerify) String() string { return printed("APIKeyVerify", o.redacted()) }

// GoString is the same as String.
func (o APIKeyVerify) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o APIKeyVerify) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o APIKeyVerify) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o APIKeyFilter) redacted() APIKeyFilter {
	if o.Key != nil {
		o.Key = PtrString(hidden)
	}
	return o
}

// String has no secrets.
func (o APIKeyFilter) String() string { return printed("APIKeyFilter", o.redacted()) }

// GoString is the same as String.
func (o APIKeyFilter) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o APIKeyFilter) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o APIKeyFilter) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o APIKeyRevocation) redacted() APIKeyRevocation {
	o.Filter = o.Filter.redacted()
	return o
}

// String has no secrets.
func (o APIKeyRevocation) String() string { return printed("APIKeyRevocation", o.redacted()) }

// GoString is the same as String.
func (o APIKeyRevocation) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o APIKeyRevocation) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o APIKeyRevocation) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o UserCreate) redacted() UserCreate {
	if o.Password != nil {
		o.Password = PtrString(hidden)
	}
	return o
}

// String has no secrets.
func (o UserCreate) String() string { return printed("UserCreate", o.redacted()) }

// GoString is the same as String.
func (o UserCreate) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o UserCreate) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o UserCreate) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o UserUpdate) redacted() UserUpdate {
	if o.Password != nil {
		o.Password = PtrString(hidden)
	}
	return o
}

// String has no secrets.
func (o UserUpdate) String() string { return printed("UserUpdate", o.redacted()) }

// GoString is the same as String.
func (o UserUpdate) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o UserUpdate) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o UserUpdate) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o PasswordChange) redacted() PasswordChange {
	o.Current = hidden
	o.New = hidden
	return o
}

// String has no secrets.
func (o PasswordChange) String() string { return printed("PasswordChange", o.redacted()) }

// GoString is the same as String.
func (o PasswordChange) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o PasswordChange) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o PasswordChange) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o TokenResponse) redacted() TokenResponse {
	o.AccessToken = hidden
	o.AdditionalProperties = nil
	return o
}

// String has no secrets.
func (o TokenResponse) String() string { return printed("TokenResponse", o.redacted()) }

// GoString is the same as String.
func (o TokenResponse) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o TokenResponse) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o TokenResponse) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o APIKeyRecordRead) redacted() APIKeyRecordRead {
	if o.FullKey.Get() != nil {
		o.FullKey.Set(PtrString(hidden))
	}
	o.AdditionalProperties = nil
	return o
}

// String has no secrets.
func (o APIKeyRecordRead) String() string { return printed("APIKeyRecordRead", o.redacted()) }

// GoString is the same as String.
func (o APIKeyRecordRead) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o APIKeyRecordRead) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o APIKeyRecordRead) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o FoundAPIKey) redacted() FoundAPIKey {
	o.Key = o.Key.redacted()
	o.AdditionalProperties = nil
	return o
}

// String has no secrets.
func (o FoundAPIKey) String() string { return printed("FoundAPIKey", o.redacted()) }

// GoString is the same as String.
func (o FoundAPIKey) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o FoundAPIKey) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o FoundAPIKey) LogValue() slog.Value { return slog.StringValue(o.String()) }

// redacted is a copy without secrets, and without members that the contract does not name.
func (o FoundAPIKeyPage) redacted() FoundAPIKeyPage {
	o.Items = redactedList(o.Items)
	o.AdditionalProperties = nil
	return o
}

// String has no secrets.
func (o FoundAPIKeyPage) String() string { return printed("FoundAPIKeyPage", o.redacted()) }

// GoString is the same as String.
func (o FoundAPIKeyPage) GoString() string { return o.String() }

// Format prints the same for every verb.
func (o FoundAPIKeyPage) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, o.String()) }

// LogValue is the same as String.
func (o FoundAPIKeyPage) LogValue() slog.Value { return slog.StringValue(o.String()) }
