package latchkey.client;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import latchkey.client.model.*;

/**
 * A Latchkey at a URL, called with one credential, from any thread.
 *
 * <p>Methods throw a {@link LatchkeyException} if the call fails. Each method takes options, which have its optional
 * arguments, and how the call is made. Generated from the contract; do not edit.
 */
public final class Latchkey implements AutoCloseable {
  private static final Shape<APIKeyMetadataRead> API_KEY_METADATA_READ =
      new Shape<>(APIKeyMetadataRead.class, "metadata");
  private static final Shape<APIKeyPolicyRead> API_KEY_POLICY_READ =
      new Shape<>(APIKeyPolicyRead.class);
  private static final Shape<APIKeyRecordRead> API_KEY_RECORD_READ =
      new Shape<>(APIKeyRecordRead.class, "id", "key_prefix", "user_id");
  private static final Shape<APIKeyRevocationResult> API_KEY_REVOCATION_RESULT =
      new Shape<>(APIKeyRevocationResult.class, "matched", "revoked");
  private static final Shape<APIKeyUsage> API_KEY_USAGE =
      new Shape<>(APIKeyUsage.class, "key_id", "valid_count", "invalid_count");
  private static final Shape<APIKeyVerification> API_KEY_VERIFICATION =
      new Shape<>(APIKeyVerification.class, "valid", "code", "stale", "unrestricted");
  private static final Shape<AuditEvent> AUDIT_EVENT =
      new Shape<>(AuditEvent.class, "id", "occurred_at", "action", "subject_type", "credential_type", "changes");
  private static final Shape<FoundAPIKey> FOUND_API_KEY =
      new Shape<>(FoundAPIKey.class, "key", "metadata");
  private static final Shape<Member> MEMBER =
      new Shape<>(Member.class, "user_id", "kind", "name", "role");
  private static final Shape<Owner> OWNER =
      new Shape<>(Owner.class, "id", "external_id", "metadata", "disabled", "created_at");
  private static final Shape<Project> PROJECT =
      new Shape<>(Project.class, "slug", "settings", "disabled", "created_at");
  private static final Shape<TokenResponse> TOKEN_RESPONSE =
      new Shape<>(TokenResponse.class, "access_token", "token_type", "expires_in", "scope");
  private static final Shape<User> USER =
      new Shape<>(User.class, "id", "username", "administrator", "disabled", "has_password", "roles", "created_at");
  private static final Shape<UserRead> USER_READ =
      new Shape<>(UserRead.class, "id", "username", "role", "kind", "project", "roles", "created_at");

  private final Transport transport;
  private final Keys keys;
  private final Projects projects;
  private final Owners owners;
  private final Members members;
  private final ServiceAccounts serviceAccounts;
  private final Audit audit;
  private final Users users;

  Latchkey(Transport transport) {
    this.transport = transport;
    this.keys = new Keys(transport);
    this.projects = new Projects(transport);
    this.owners = new Owners(transport);
    this.members = new Members(transport);
    this.serviceAccounts = new ServiceAccounts(transport);
    this.audit = new Audit(transport);
    this.users = new Users(transport);
  }

  /** The settings of a new client. */
  public static LatchkeyBuilder builder() {
    return new LatchkeyBuilder();
  }

  /** A client by {@code LATCHKEY_URL} and {@code LATCHKEY_API_KEY}. */
  public static Latchkey fromEnvironment() {
    return builder().build();
  }

  /** Closes the connections. */
  @Override
  public void close() {
    transport.close();
  }

  @Override
  public String toString() {
    return "Latchkey[" + transport.url + ", " + transport.credential + "]";
  }

  public Keys keys() {
    return keys;
  }

  public Projects projects() {
    return projects;
  }

  public Owners owners() {
    return owners;
  }

  public Members members() {
    return members;
  }

  public ServiceAccounts serviceAccounts() {
    return serviceAccounts;
  }

  public Audit audit() {
    return audit;
  }

  public Users users() {
    return users;
  }

  /**
   * Get the current user.
   *
   * <p>Returns the user that the credential of the request belongs to.
   */
  public UserRead whoami(Consumer<? super CallOptions> options) {
    return transport.call(whoamiRequest(options), USER_READ);
  }

  /** {@link #whoami(Consumer)} without options. */
  public UserRead whoami() {
    return whoami(options -> {});
  }

  /** {@link #whoami(Consumer)}, asynchronously. */
  public CompletableFuture<UserRead> whoamiAsync(Consumer<? super CallOptions> options) {
    return transport.callAsync(whoamiRequest(options), USER_READ);
  }

  /** {@link #whoami(Consumer)} without options, asynchronously. */
  public CompletableFuture<UserRead> whoamiAsync() {
    return whoamiAsync(options -> {});
  }

  private static Request whoamiRequest(Consumer<? super CallOptions> configure) {
    var options = new CallOptions();
    configure.accept(options);
    return new Request("GET", "/v1/users/me", Retry.REPEATABLE, options);
  }

  /**
   * Verify an API key.
   *
   * <p>Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the
   * decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no node
   * reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was made
   * from the key cache. Every verification counts towards the key's usage, and one that is otherwise valid towards
   * its rate limit.
   *
   * @param key The key, as the client sent it.
   */
  public APIKeyVerification verify(String key, Consumer<? super VerifyOptions> options) {
    return transport.call(verifyRequest(key, options), API_KEY_VERIFICATION);
  }

  /** {@link #verify(String, Consumer)} without options. */
  public APIKeyVerification verify(String key) {
    return verify(key, options -> {});
  }

  /** {@link #verify(String, Consumer)}, asynchronously. */
  public CompletableFuture<APIKeyVerification> verifyAsync(String key, Consumer<? super VerifyOptions> options) {
    return transport.callAsync(verifyRequest(key, options), API_KEY_VERIFICATION);
  }

  /** {@link #verify(String, Consumer)} without options, asynchronously. */
  public CompletableFuture<APIKeyVerification> verifyAsync(String key) {
    return verifyAsync(key, options -> {});
  }

  private static Request verifyRequest(String key, Consumer<? super VerifyOptions> configure) {
    var options = new VerifyOptions();
    configure.accept(options);
    var body = options.body;
    body.setKey(key);
    return new Request("POST", "/v1/api-keys/verify", Retry.REJECTED, options)
        .json(body);
  }

  /** The optional arguments of {@link #verify(String, Consumer)}. */
  public static final class VerifyOptions extends CallOptions {
    private final APIKeyVerify body = new APIKeyVerify();

    private VerifyOptions() {}

    /**
     * The scopes that the key must have.
     */
    public VerifyOptions scopes(List<String> scopes) {
      body.setScopes(scopes);
      return this;
    }

    /**
     * The client address. Without it a key that is restricted to networks is invalid.
     */
    public VerifyOptions ip(String ip) {
      body.setIp(ip);
      return this;
    }

    @Override
    public VerifyOptions timeout(Duration timeout) {
      super.timeout(timeout);
      return this;
    }

    @Override
    public VerifyOptions retry(boolean retry) {
      super.retry(retry);
      return this;
    }
  }

  /** {@code get}, {@code set}. */
  public static final class KeysPolicy {
    private final Transport transport;

    private KeysPolicy(Transport transport) {
      this.transport = transport;
    }

    /**
     * Get an API key's policy.
     *
     * <p>Returns the restrictions of a key. A member that is `null` does not restrict the key.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyPolicyRead get(long itemId, Consumer<? super CallOptions> options) {
      return transport.call(getRequest(itemId, options), API_KEY_POLICY_READ);
    }

    /** {@link #get(long, Consumer)} without options. */
    public APIKeyPolicyRead get(long itemId) {
      return get(itemId, options -> {});
    }

    /** {@link #get(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyPolicyRead> getAsync(long itemId, Consumer<? super CallOptions> options) {
      return transport.callAsync(getRequest(itemId, options), API_KEY_POLICY_READ);
    }

    /** {@link #get(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyPolicyRead> getAsync(long itemId) {
      return getAsync(itemId, options -> {});
    }

    private static Request getRequest(long itemId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("GET", "/v1/api-keys/{item_id}/policy", Retry.REPEATABLE, options)
          .path("item_id", itemId);
    }

    /**
     * Replace an API key's policy.
     *
     * <p>Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a
     * policy has the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows
     * more than the caller has gets a 403, and so does any policy for a key that may do more than the caller.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyPolicyRead set(long itemId, Consumer<? super SetOptions> options) {
      return transport.call(setRequest(itemId, options), API_KEY_POLICY_READ);
    }

    /** {@link #set(long, Consumer)} without options. */
    public APIKeyPolicyRead set(long itemId) {
      return set(itemId, options -> {});
    }

    /** {@link #set(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyPolicyRead> setAsync(long itemId, Consumer<? super SetOptions> options) {
      return transport.callAsync(setRequest(itemId, options), API_KEY_POLICY_READ);
    }

    /** {@link #set(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyPolicyRead> setAsync(long itemId) {
      return setAsync(itemId, options -> {});
    }

    private static Request setRequest(long itemId, Consumer<? super SetOptions> configure) {
      var options = new SetOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("PUT", "/v1/api-keys/{item_id}/policy", Retry.conditional(options.ifMatch), options)
          .path("item_id", itemId)
.header("If-Match", options.ifMatch)
          .json(body);
    }

    /** The optional arguments of {@link #set(long, Consumer)}. */
    public static final class SetOptions extends CallOptions {
      private final APIKeyPolicy body = new APIKeyPolicy();
      private String ifMatch;

      private SetOptions() {}

      /**
       * The only scopes that the key has.
       */
      public SetOptions scopes(List<String> scopes) {
        body.setScopes(scopes);
        return this;
      }

      /**
       * The only networks that the key may be used from; bits beyond the prefix are ignored.
       */
      public SetOptions networks(List<String> networks) {
        body.setNetworks(networks);
        return this;
      }

      /**
       * When the key becomes valid; before this time it is pending. RFC 3339 with an offset.
       */
      public SetOptions notBefore(OffsetDateTime notBefore) {
        body.setNotBefore(notBefore);
        return this;
      }

      /**
       * How often the key may be verified.
       */
      public SetOptions rateLimit(RateLimit rateLimit) {
        body.setRateLimit(rateLimit);
        return this;
      }

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public SetOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public SetOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public SetOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }
}

  /** {@code get}, {@code set}. */
  public static final class KeysMetadata {
    private final Transport transport;

    private KeysMetadata(Transport transport) {
      this.transport = transport;
    }

    /**
     * Get an API key's metadata.
     *
     * <p>Returns the strings that the deployer attached to a key.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyMetadataRead get(long itemId, Consumer<? super CallOptions> options) {
      return transport.call(getRequest(itemId, options), API_KEY_METADATA_READ);
    }

    /** {@link #get(long, Consumer)} without options. */
    public APIKeyMetadataRead get(long itemId) {
      return get(itemId, options -> {});
    }

    /** {@link #get(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyMetadataRead> getAsync(long itemId, Consumer<? super CallOptions> options) {
      return transport.callAsync(getRequest(itemId, options), API_KEY_METADATA_READ);
    }

    /** {@link #get(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyMetadataRead> getAsync(long itemId) {
      return getAsync(itemId, options -> {});
    }

    private static Request getRequest(long itemId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("GET", "/v1/api-keys/{item_id}/metadata", Retry.REPEATABLE, options)
          .path("item_id", itemId);
    }

    /**
     * Replace an API key's metadata.
     *
     * <p>Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.
     *
     * @param itemId The `id` of the key.
     * @param metadata Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
     * letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces,
     * all together have at most 4,096 bytes.
     */
    public APIKeyMetadataRead set(long itemId, Map<String, String> metadata, Consumer<? super SetOptions> options) {
      return transport.call(setRequest(itemId, metadata, options), API_KEY_METADATA_READ);
    }

    /** {@link #set(long, Map, Consumer)} without options. */
    public APIKeyMetadataRead set(long itemId, Map<String, String> metadata) {
      return set(itemId, metadata, options -> {});
    }

    /** {@link #set(long, Map, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyMetadataRead> setAsync(long itemId, Map<String, String> metadata, Consumer<? super SetOptions> options) {
      return transport.callAsync(setRequest(itemId, metadata, options), API_KEY_METADATA_READ);
    }

    /** {@link #set(long, Map, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyMetadataRead> setAsync(long itemId, Map<String, String> metadata) {
      return setAsync(itemId, metadata, options -> {});
    }

    private static Request setRequest(long itemId, Map<String, String> metadata, Consumer<? super SetOptions> configure) {
      var options = new SetOptions();
      configure.accept(options);
      var body = new APIKeyMetadata();
      body.setMetadata(metadata);
      return new Request("PUT", "/v1/api-keys/{item_id}/metadata", Retry.conditional(options.ifMatch), options)
          .path("item_id", itemId)
.header("If-Match", options.ifMatch)
          .json(body);
    }

    /** The optional arguments of {@link #set(long, Map, Consumer)}. */
    public static final class SetOptions extends CallOptions {
      private String ifMatch;

      private SetOptions() {}

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public SetOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public SetOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public SetOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }
}

  /** {@code create}, {@code list}, {@code issue}, {@code search}, {@code revokeMatching}, {@code usage}, {@code disable}, {@code enable}, {@code rotate}, {@code revoke}, {@code get}, {@code update}, {@code delete}. */
  public static final class Keys {
    private final Transport transport;
    private final KeysPolicy policy;
    private final KeysMetadata metadata;

    private Keys(Transport transport) {
      this.transport = transport;
      this.policy = new KeysPolicy(transport);
      this.metadata = new KeysMetadata(transport);
    }

    public KeysPolicy policy() {
      return policy;
    }

    public KeysMetadata metadata() {
      return metadata;
    }

    /**
     * Create an API key.
     *
     * <p>Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be
     * retrieved later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a
     * 403, and a key without a `policy` gets the restrictions of the credential that creates it. A key that is created
     * with an API key expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata`
     * (403). With `Idempotency-Key` the request can be repeated safely.
     */
    public APIKeyRecordRead create(Consumer<? super CreateOptions> options) {
      return transport.call(createRequest(options), API_KEY_RECORD_READ);
    }

    /** {@link #create(Consumer)} without options. */
    public APIKeyRecordRead create() {
      return create(options -> {});
    }

    /** {@link #create(Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> createAsync(Consumer<? super CreateOptions> options) {
      return transport.callAsync(createRequest(options), API_KEY_RECORD_READ);
    }

    /** {@link #create(Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> createAsync() {
      return createAsync(options -> {});
    }

    private static Request createRequest(Consumer<? super CreateOptions> configure) {
      var options = new CreateOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("POST", "/v1/api-keys/", Retry.KEYED, options)
.idempotencyKey(options.idempotencyKey)
          .json(body);
    }

    /** The optional arguments of {@link #create(Consumer)}. */
    public static final class CreateOptions extends CallOptions {
      private final APIKeyCreate body = new APIKeyCreate();
      private String idempotencyKey;

      private CreateOptions() {}

      /**
       * When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. A time in the
       * past makes the key expired. Absent or `null`: when the API key that creates it expires; never, if that never
       * expires or the key is created with a bearer token.
       */
      public CreateOptions expiresAt(OffsetDateTime expiresAt) {
        body.setExpiresAt(expiresAt);
        return this;
      }

      /**
       * What the key is used for; any characters except U+0000.
       */
      public CreateOptions description(String description) {
        body.setDescription(description);
        return this;
      }

      /**
       * What restricts the key. Absent or `null`: it gets the restrictions of the credential that creates it.
       */
      public CreateOptions policy(APIKeyPolicy policy) {
        body.setPolicy(policy);
        return this;
      }

      /**
       * Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits,
       * `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together
       * have at most 4,096 bytes.
       */
      public CreateOptions metadata(Map<String, String> metadata) {
        body.setMetadata(metadata);
        return this;
      }

      /**
       * A text that is unique to this request, such as a random UUID. For one hour the same request with the same text
       * gets the same result, including the secret, which is stored encrypted for that time. A different request with
       * the same text gets a 409.
       */
      public CreateOptions idempotencyKey(String idempotencyKey) {
        this.idempotencyKey = idempotencyKey;
        return this;
      }

      @Override
      public CreateOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public CreateOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * List API keys.
     *
     * <p>Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a
     * `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.
     */
    public Pages<APIKeyRecordRead> list(Consumer<? super ListOptions> options) {
      return Pages.byLink(transport, listRequest(options), API_KEY_RECORD_READ);
    }

    /** {@link #list(Consumer)} without options. */
    public Pages<APIKeyRecordRead> list() {
      return list(options -> {});
    }

    private static Request listRequest(Consumer<? super ListOptions> configure) {
      var options = new ListOptions();
      configure.accept(options);
      return new Request("GET", "/v1/api-keys/", Retry.REPEATABLE, options)
          .query("limit", options.limit)
          .query("status", options.status);
    }

    /** The optional arguments of {@link #list(Consumer)}. */
    public static final class ListOptions extends CallOptions {
      private Long limit;
      private APIKeyStatus status;

      private ListOptions() {}

      /**
       * The maximum number of items on a page.
       */
      public ListOptions limit(long limit) {
        this.limit = limit;
        return this;
      }

      /**
       * Return only keys with this status.
       */
      public ListOptions status(APIKeyStatus status) {
        this.status = status;
        return this;
      }

      @Override
      public ListOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public ListOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Issue an API key to an owner or a service account.
     *
     * <p>Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an
     * admin of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved
     * later. The key is managed: its owner can restrict it, and not extend it. Without scopes, it has the default
     * scopes of the project. With `Idempotency-Key` the request can be repeated safely.
     *
     * @param project The slug of the project.
     */
    public APIKeyRecordRead issue(String project, Consumer<? super IssueOptions> options) {
      return transport.call(issueRequest(project, options), API_KEY_RECORD_READ);
    }

    /** {@link #issue(String, Consumer)} without options. */
    public APIKeyRecordRead issue(String project) {
      return issue(project, options -> {});
    }

    /** {@link #issue(String, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> issueAsync(String project, Consumer<? super IssueOptions> options) {
      return transport.callAsync(issueRequest(project, options), API_KEY_RECORD_READ);
    }

    /** {@link #issue(String, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> issueAsync(String project) {
      return issueAsync(project, options -> {});
    }

    private static Request issueRequest(String project, Consumer<? super IssueOptions> configure) {
      var options = new IssueOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("POST", "/v1/projects/{project}/api-keys", Retry.KEYED, options)
          .path("project", project)
.idempotencyKey(options.idempotencyKey)
          .json(body);
    }

    /** The optional arguments of {@link #issue(String, Consumer)}. */
    public static final class IssueOptions extends CallOptions {
      private final APIKeyIssue body = new APIKeyIssue();
      private String idempotencyKey;

      private IssueOptions() {}

      /**
       * The external id of the owner, which is created if there is none.
       */
      public IssueOptions externalId(String externalId) {
        body.setExternalId(externalId);
        return this;
      }

      /**
       * The name of the service account, in place of `external_id`.
       */
      public IssueOptions serviceAccount(String serviceAccount) {
        body.setServiceAccount(serviceAccount);
        return this;
      }

      /**
       * When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. Absent or
       * `null`: after the default lifetime of the project, if it has one.
       */
      public IssueOptions expiresAt(OffsetDateTime expiresAt) {
        body.setExpiresAt(expiresAt);
        return this;
      }

      /**
       * What the key is used for; any characters except U+0000.
       */
      public IssueOptions description(String description) {
        body.setDescription(description);
        return this;
      }

      /**
       * What restricts the key. Absent or `null` for the default policy of the project.
       */
      public IssueOptions policy(APIKeyPolicy policy) {
        body.setPolicy(policy);
        return this;
      }

      /**
       * Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits,
       * `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together
       * have at most 4,096 bytes.
       */
      public IssueOptions metadata(Map<String, String> metadata) {
        body.setMetadata(metadata);
        return this;
      }

      /**
       * A text that is unique to this request, such as a random UUID. For one hour the same request with the same text
       * gets the same result, including the secret, which is stored encrypted for that time. A different request with
       * the same text gets a 409.
       */
      public IssueOptions idempotencyKey(String idempotencyKey) {
        this.idempotencyKey = idempotencyKey;
        return this;
      }

      @Override
      public IssueOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public IssueOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Find API keys.
     *
     * <p>Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those
     * of a beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the
     * order in which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may
     * have fewer keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most.
     * Deleted keys are not found. What is sent as `key` is neither logged nor returned.
     *
     * @param project The slug of the project.
     */
    public Pages<FoundAPIKey> search(String project, Consumer<? super SearchOptions> options) {
      return Pages.byCursor(transport, searchRequest(project, options), FOUND_API_KEY);
    }

    /** {@link #search(String, Consumer)} without options. */
    public Pages<FoundAPIKey> search(String project) {
      return search(project, options -> {});
    }

    private static Request searchRequest(String project, Consumer<? super SearchOptions> configure) {
      var options = new SearchOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("POST", "/v1/projects/{project}/api-keys/search", Retry.REPEATABLE, options)
          .path("project", project)
          .query("limit", options.limit)
          .json(body);
    }

    /** The optional arguments of {@link #search(String, Consumer)}. */
    public static final class SearchOptions extends CallOptions {
      private final APIKeyFilter body = new APIKeyFilter();
      private Long limit;

      private SearchOptions() {}

      /**
       * A whole key, or how it begins: 4 characters or more. Of what is not a whole key, the first 12 characters count.
       */
      public SearchOptions key(String key) {
        body.setKey(key);
        return this;
      }

      /**
       * The external id of the owner.
       */
      public SearchOptions owner(String owner) {
        body.setOwner(owner);
        return this;
      }

      /**
       * The status of a key: `active`; `pending` before its `not_before`; `disabled`; `revoked`; `expired`. Of several,
       * the one that cannot be undone is reported first.
       */
      public SearchOptions status(APIKeyStatus status) {
        body.setStatus(status);
        return this;
      }

      /**
       * What the description contains, in upper or lower case.
       */
      public SearchOptions description(String description) {
        body.setDescription(description);
        return this;
      }

      /**
       * Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits,
       * `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together
       * have at most 4,096 bytes.
       */
      public SearchOptions metadata(Map<String, String> metadata) {
        body.setMetadata(metadata);
        return this;
      }

      /**
       * The key expires after this time. Keys that never expire do not.
       */
      public SearchOptions expiresAfter(OffsetDateTime expiresAfter) {
        body.setExpiresAfter(expiresAfter);
        return this;
      }

      /**
       * The key expires before this time.
       */
      public SearchOptions expiresBefore(OffsetDateTime expiresBefore) {
        body.setExpiresBefore(expiresBefore);
        return this;
      }

      /**
       * The key was created before this time.
       */
      public SearchOptions createdBefore(OffsetDateTime createdBefore) {
        body.setCreatedBefore(createdBefore);
        return this;
      }

      /**
       * The key was created before this time, and was not used since.
       */
      public SearchOptions unusedSince(OffsetDateTime unusedSince) {
        body.setUnusedSince(unusedSince);
        return this;
      }

      /**
       * The maximum number of items on a page.
       */
      public SearchOptions limit(long limit) {
        this.limit = limit;
        return this;
      }

      @Override
      public SearchOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public SearchOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Revoke many API keys.
     *
     * <p>Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up
     * to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope
     * `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and
     * says how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after
     * the first request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not match.
     *
     * @param project The slug of the project.
     * @param filter Conditions on a key, all of which it must meet. A condition that is absent is met by every key.
     * @param dryRun Whether the keys are counted, and none is revoked.
     * @param limit The most keys that one request revokes.
     */
    public APIKeyRevocationResult revokeMatching(String project, APIKeyFilter filter, boolean dryRun, long limit, Consumer<? super RevokeMatchingOptions> options) {
      return transport.call(revokeMatchingRequest(project, filter, dryRun, limit, options), API_KEY_REVOCATION_RESULT);
    }

    /** {@link #revokeMatching(String, APIKeyFilter, boolean, long, Consumer)} without options. */
    public APIKeyRevocationResult revokeMatching(String project, APIKeyFilter filter, boolean dryRun, long limit) {
      return revokeMatching(project, filter, dryRun, limit, options -> {});
    }

    /** {@link #revokeMatching(String, APIKeyFilter, boolean, long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRevocationResult> revokeMatchingAsync(String project, APIKeyFilter filter, boolean dryRun, long limit, Consumer<? super RevokeMatchingOptions> options) {
      return transport.callAsync(revokeMatchingRequest(project, filter, dryRun, limit, options), API_KEY_REVOCATION_RESULT);
    }

    /** {@link #revokeMatching(String, APIKeyFilter, boolean, long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRevocationResult> revokeMatchingAsync(String project, APIKeyFilter filter, boolean dryRun, long limit) {
      return revokeMatchingAsync(project, filter, dryRun, limit, options -> {});
    }

    private static Request revokeMatchingRequest(String project, APIKeyFilter filter, boolean dryRun, long limit, Consumer<? super RevokeMatchingOptions> configure) {
      var options = new RevokeMatchingOptions();
      configure.accept(options);
      var body = options.body;
      body.setFilter(filter);
      body.setDryRun(dryRun);
      body.setLimit(limit);
      return new Request("POST", "/v1/projects/{project}/api-keys/revoke", Retry.REJECTED, options)
          .path("project", project)
          .json(body);
    }

    /** The optional arguments of {@link #revokeMatching(String, APIKeyFilter, boolean, long, Consumer)}. */
    public static final class RevokeMatchingOptions extends CallOptions {
      private final APIKeyRevocation body = new APIKeyRevocation();

      private RevokeMatchingOptions() {}

      /**
       * Why the keys are revoked, for the audit trail.
       */
      public RevokeMatchingOptions reason(String reason) {
        body.setReason(reason);
        return this;
      }

      /**
       * The `next_cursor` of the request before.
       */
      public RevokeMatchingOptions cursor(String cursor) {
        body.setCursor(cursor);
        return this;
      }

      @Override
      public RevokeMatchingOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public RevokeMatchingOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Get an API key's usage.
     *
     * <p>Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node
     * that crashes loses at most ten seconds of them.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyUsage usage(long itemId, Consumer<? super CallOptions> options) {
      return transport.call(usageRequest(itemId, options), API_KEY_USAGE);
    }

    /** {@link #usage(long, Consumer)} without options. */
    public APIKeyUsage usage(long itemId) {
      return usage(itemId, options -> {});
    }

    /** {@link #usage(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyUsage> usageAsync(long itemId, Consumer<? super CallOptions> options) {
      return transport.callAsync(usageRequest(itemId, options), API_KEY_USAGE);
    }

    /** {@link #usage(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyUsage> usageAsync(long itemId) {
      return usageAsync(itemId, options -> {});
    }

    private static Request usageRequest(long itemId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("GET", "/v1/api-keys/{item_id}/usage", Retry.REPEATABLE, options)
          .path("item_id", itemId);
    }

    /**
     * Disable an API key.
     *
     * <p>The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more
     * than the caller gets a 403.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyRecordRead disable(long itemId, Consumer<? super DisableOptions> options) {
      return transport.call(disableRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #disable(long, Consumer)} without options. */
    public APIKeyRecordRead disable(long itemId) {
      return disable(itemId, options -> {});
    }

    /** {@link #disable(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> disableAsync(long itemId, Consumer<? super DisableOptions> options) {
      return transport.callAsync(disableRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #disable(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> disableAsync(long itemId) {
      return disableAsync(itemId, options -> {});
    }

    private static Request disableRequest(long itemId, Consumer<? super DisableOptions> configure) {
      var options = new DisableOptions();
      configure.accept(options);
      return new Request("POST", "/v1/api-keys/{item_id}/disable", Retry.conditional(options.ifMatch), options)
          .path("item_id", itemId)
          .query("wait_until_effective", options.waitUntilEffective)
.header("If-Match", options.ifMatch);
    }

    /** The optional arguments of {@link #disable(long, Consumer)}. */
    public static final class DisableOptions extends CallOptions {
      private Boolean waitUntilEffective;
      private String ifMatch;

      private DisableOptions() {}

      /**
       * Whether the response waits, for about a second, until no node that reaches the database reports the key as
       * valid any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
       */
      public DisableOptions waitUntilEffective(boolean waitUntilEffective) {
        this.waitUntilEffective = waitUntilEffective;
        return this;
      }

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public DisableOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public DisableOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public DisableOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Enable an API key.
     *
     * <p>Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no
     * effect. A key that may do more than the caller gets a 403.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyRecordRead enable(long itemId, Consumer<? super EnableOptions> options) {
      return transport.call(enableRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #enable(long, Consumer)} without options. */
    public APIKeyRecordRead enable(long itemId) {
      return enable(itemId, options -> {});
    }

    /** {@link #enable(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> enableAsync(long itemId, Consumer<? super EnableOptions> options) {
      return transport.callAsync(enableRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #enable(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> enableAsync(long itemId) {
      return enableAsync(itemId, options -> {});
    }

    private static Request enableRequest(long itemId, Consumer<? super EnableOptions> configure) {
      var options = new EnableOptions();
      configure.accept(options);
      return new Request("POST", "/v1/api-keys/{item_id}/enable", Retry.conditional(options.ifMatch), options)
          .path("item_id", itemId)
.header("If-Match", options.ifMatch);
    }

    /** The optional arguments of {@link #enable(long, Consumer)}. */
    public static final class EnableOptions extends CallOptions {
      private String ifMatch;

      private EnableOptions() {}

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public EnableOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public EnableOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public EnableOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Rotate an API key.
     *
     * <p>Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in
     * this response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier;
     * without a grace period it is revoked. Only an active or pending key without a successor can be rotated: of
     * several concurrent rotations one gets a 201 and the others get a 409. A key that may do more than the caller gets
     * a 403, and so does a key that expires later than the API key that rotates it. A key may rotate itself. With
     * `Idempotency-Key` the request can be repeated safely.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyRecordRead rotate(long itemId, Consumer<? super RotateOptions> options) {
      return transport.call(rotateRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #rotate(long, Consumer)} without options. */
    public APIKeyRecordRead rotate(long itemId) {
      return rotate(itemId, options -> {});
    }

    /** {@link #rotate(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> rotateAsync(long itemId, Consumer<? super RotateOptions> options) {
      return transport.callAsync(rotateRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #rotate(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> rotateAsync(long itemId) {
      return rotateAsync(itemId, options -> {});
    }

    private static Request rotateRequest(long itemId, Consumer<? super RotateOptions> configure) {
      var options = new RotateOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("POST", "/v1/api-keys/{item_id}/rotate", Retry.KEYED, options)
          .path("item_id", itemId)
.header("If-Match", options.ifMatch)
.idempotencyKey(options.idempotencyKey)
          .json(body);
    }

    /** The optional arguments of {@link #rotate(long, Consumer)}. */
    public static final class RotateOptions extends CallOptions {
      private final APIKeyRotate body = new APIKeyRotate();
      private String ifMatch;
      private String idempotencyKey;

      private RotateOptions() {}

      /**
       * How long the old key remains valid, in seconds; 0 if absent.
       */
      public RotateOptions gracePeriodSeconds(long gracePeriodSeconds) {
        body.setGracePeriodSeconds(gracePeriodSeconds);
        return this;
      }

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public RotateOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      /**
       * A text that is unique to this request, such as a random UUID. For one hour the same request with the same text
       * gets the same result, including the secret, which is stored encrypted for that time. A different request with
       * the same text gets a 409.
       */
      public RotateOptions idempotencyKey(String idempotencyKey) {
        this.idempotencyKey = idempotencyKey;
        return this;
      }

      @Override
      public RotateOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public RotateOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Revoke an API key.
     *
     * <p>Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that
     * may do more than the caller gets a 403.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyRecordRead revoke(long itemId, Consumer<? super RevokeOptions> options) {
      return transport.call(revokeRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #revoke(long, Consumer)} without options. */
    public APIKeyRecordRead revoke(long itemId) {
      return revoke(itemId, options -> {});
    }

    /** {@link #revoke(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> revokeAsync(long itemId, Consumer<? super RevokeOptions> options) {
      return transport.callAsync(revokeRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #revoke(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> revokeAsync(long itemId) {
      return revokeAsync(itemId, options -> {});
    }

    private static Request revokeRequest(long itemId, Consumer<? super RevokeOptions> configure) {
      var options = new RevokeOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("POST", "/v1/api-keys/{item_id}/revoke", Retry.conditional(options.ifMatch), options)
          .path("item_id", itemId)
          .query("wait_until_effective", options.waitUntilEffective)
.header("If-Match", options.ifMatch)
          .json(body);
    }

    /** The optional arguments of {@link #revoke(long, Consumer)}. */
    public static final class RevokeOptions extends CallOptions {
      private final APIKeyRevoke body = new APIKeyRevoke();
      private Boolean waitUntilEffective;
      private String ifMatch;

      private RevokeOptions() {}

      /**
       * The reason, for the audit trail. It must not contain secrets.
       */
      public RevokeOptions reason(String reason) {
        body.setReason(reason);
        return this;
      }

      /**
       * Whether the response waits, for about a second, until no node that reaches the database reports the key as
       * valid any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
       */
      public RevokeOptions waitUntilEffective(boolean waitUntilEffective) {
        this.waitUntilEffective = waitUntilEffective;
        return this;
      }

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public RevokeOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public RevokeOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public RevokeOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Get an API key.
     *
     * <p>Returns a key of the caller, without its secret.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyRecordRead get(long itemId, Consumer<? super CallOptions> options) {
      return transport.call(getRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #get(long, Consumer)} without options. */
    public APIKeyRecordRead get(long itemId) {
      return get(itemId, options -> {});
    }

    /** {@link #get(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> getAsync(long itemId, Consumer<? super CallOptions> options) {
      return transport.callAsync(getRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #get(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> getAsync(long itemId) {
      return getAsync(itemId, options -> {});
    }

    private static Request getRequest(long itemId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("GET", "/v1/api-keys/{item_id}", Retry.REPEATABLE, options)
          .path("item_id", itemId);
    }

    /**
     * Update.
     *
     * <p>Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the
     * value. `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do
     * more than the caller gets a 403. An API key that expires can set no later expiry than its own, neither for itself
     * nor for another key, and cannot remove one: that gets a 403.
     *
     * @param itemId The `id` of the key.
     */
    public APIKeyRecordRead update(long itemId, Consumer<? super UpdateOptions> options) {
      return transport.call(updateRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #update(long, Consumer)} without options. */
    public APIKeyRecordRead update(long itemId) {
      return update(itemId, options -> {});
    }

    /** {@link #update(long, Consumer)}, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> updateAsync(long itemId, Consumer<? super UpdateOptions> options) {
      return transport.callAsync(updateRequest(itemId, options), API_KEY_RECORD_READ);
    }

    /** {@link #update(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<APIKeyRecordRead> updateAsync(long itemId) {
      return updateAsync(itemId, options -> {});
    }

    private static Request updateRequest(long itemId, Consumer<? super UpdateOptions> configure) {
      var options = new UpdateOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("PATCH", "/v1/api-keys/{item_id}", Retry.conditional(options.ifMatch), options)
          .path("item_id", itemId)
.header("If-Match", options.ifMatch)
          .json(body);
    }

    /** The optional arguments of {@link #update(long, Consumer)}. */
    public static final class UpdateOptions extends CallOptions {
      private final APIKeyRecordCreate body = new APIKeyRecordCreate();
      private String ifMatch;

      private UpdateOptions() {}

      /**
       * When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. A time in the
       * past makes the key expired.
       */
      public UpdateOptions expiresAt(OffsetDateTime expiresAt) {
        body.setExpiresAt(expiresAt);
        return this;
      }

      /**
       * What the key is used for; any characters except U+0000.
       */
      public UpdateOptions description(String description) {
        body.setDescription(description);
        return this;
      }

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public UpdateOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public UpdateOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public UpdateOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Delete an API key.
     *
     * <p>Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps
     * it. A key that may do more than the caller gets a 403.
     *
     * @param itemId The `id` of the key.
     */
    public void delete(long itemId, Consumer<? super DeleteOptions> options) {
      transport.call(deleteRequest(itemId, options), Shape.NOTHING);
    }

    /** {@link #delete(long, Consumer)} without options. */
    public void delete(long itemId) {
      delete(itemId, options -> {});
    }

    /** {@link #delete(long, Consumer)}, asynchronously. */
    public CompletableFuture<Void> deleteAsync(long itemId, Consumer<? super DeleteOptions> options) {
      return transport.callAsync(deleteRequest(itemId, options), Shape.NOTHING);
    }

    /** {@link #delete(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<Void> deleteAsync(long itemId) {
      return deleteAsync(itemId, options -> {});
    }

    private static Request deleteRequest(long itemId, Consumer<? super DeleteOptions> configure) {
      var options = new DeleteOptions();
      configure.accept(options);
      return new Request("DELETE", "/v1/api-keys/{item_id}", Retry.conditional(options.ifMatch), options)
          .path("item_id", itemId)
          .query("wait_until_effective", options.waitUntilEffective)
.header("If-Match", options.ifMatch);
    }

    /** The optional arguments of {@link #delete(long, Consumer)}. */
    public static final class DeleteOptions extends CallOptions {
      private Boolean waitUntilEffective;
      private String ifMatch;

      private DeleteOptions() {}

      /**
       * Whether the response waits, for about a second, until no node that reaches the database reports the key as
       * valid any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
       */
      public DeleteOptions waitUntilEffective(boolean waitUntilEffective) {
        this.waitUntilEffective = waitUntilEffective;
        return this;
      }

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public DeleteOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public DeleteOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public DeleteOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }
}

  /** {@code create}, {@code list}, {@code get}, {@code update}. */
  public static final class Projects {
    private final Transport transport;

    private Projects(Transport transport) {
      this.transport = transport;
    }

    /**
     * Create a project.
     *
     * <p>Creates a project. Its slug is immutable. Settings that are absent have their defaults.
     *
     * @param slug The name of the project in paths; it cannot be changed.
     */
    public Project create(String slug, Consumer<? super CreateOptions> options) {
      return transport.call(createRequest(slug, options), PROJECT);
    }

    /** {@link #create(String, Consumer)} without options. */
    public Project create(String slug) {
      return create(slug, options -> {});
    }

    /** {@link #create(String, Consumer)}, asynchronously. */
    public CompletableFuture<Project> createAsync(String slug, Consumer<? super CreateOptions> options) {
      return transport.callAsync(createRequest(slug, options), PROJECT);
    }

    /** {@link #create(String, Consumer)} without options, asynchronously. */
    public CompletableFuture<Project> createAsync(String slug) {
      return createAsync(slug, options -> {});
    }

    private static Request createRequest(String slug, Consumer<? super CreateOptions> configure) {
      var options = new CreateOptions();
      configure.accept(options);
      var body = options.body;
      body.setSlug(slug);
      return new Request("POST", "/v1/projects", Retry.REJECTED, options)
          .json(body);
    }

    /** The optional arguments of {@link #create(String, Consumer)}. */
    public static final class CreateOptions extends CallOptions {
      private final ProjectCreate body = new ProjectCreate();

      private CreateOptions() {}

      /**
       * Settings of a project. A member that is absent does not change; `null` removes the value.
       */
      public CreateOptions settings(ProjectSettingsUpdate settings) {
        body.setSettings(settings);
        return this;
      }

      @Override
      public CreateOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public CreateOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * List projects.
     *
     * <p>Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass
     * `next_cursor` as `cursor` to get the next page, until it is `null`.
     */
    public Pages<Project> list(Consumer<? super ListOptions> options) {
      return Pages.byCursor(transport, listRequest(options), PROJECT);
    }

    /** {@link #list(Consumer)} without options. */
    public Pages<Project> list() {
      return list(options -> {});
    }

    private static Request listRequest(Consumer<? super ListOptions> configure) {
      var options = new ListOptions();
      configure.accept(options);
      return new Request("GET", "/v1/projects", Retry.REPEATABLE, options)
          .query("limit", options.limit);
    }

    /** The optional arguments of {@link #list(Consumer)}. */
    public static final class ListOptions extends CallOptions {
      private Long limit;

      private ListOptions() {}

      /**
       * The maximum number of items on a page.
       */
      public ListOptions limit(long limit) {
        this.limit = limit;
        return this;
      }

      @Override
      public ListOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public ListOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Get a project.
     *
     * <p>Returns a project with its settings. A project that the caller does not belong to gets a 404.
     *
     * @param project The slug of the project.
     */
    public Project get(String project, Consumer<? super CallOptions> options) {
      return transport.call(getRequest(project, options), PROJECT);
    }

    /** {@link #get(String, Consumer)} without options. */
    public Project get(String project) {
      return get(project, options -> {});
    }

    /** {@link #get(String, Consumer)}, asynchronously. */
    public CompletableFuture<Project> getAsync(String project, Consumer<? super CallOptions> options) {
      return transport.callAsync(getRequest(project, options), PROJECT);
    }

    /** {@link #get(String, Consumer)} without options, asynchronously. */
    public CompletableFuture<Project> getAsync(String project) {
      return getAsync(project, options -> {});
    }

    private static Request getRequest(String project, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("GET", "/v1/projects/{project}", Retry.REPEATABLE, options)
          .path("project", project);
    }

    /**
     * Update a project.
     *
     * <p>Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key
     * of a disabled project is valid. The project `default` cannot be disabled.
     *
     * @param project The slug of the project.
     */
    public Project update(String project, Consumer<? super UpdateOptions> options) {
      return transport.call(updateRequest(project, options), PROJECT);
    }

    /** {@link #update(String, Consumer)} without options. */
    public Project update(String project) {
      return update(project, options -> {});
    }

    /** {@link #update(String, Consumer)}, asynchronously. */
    public CompletableFuture<Project> updateAsync(String project, Consumer<? super UpdateOptions> options) {
      return transport.callAsync(updateRequest(project, options), PROJECT);
    }

    /** {@link #update(String, Consumer)} without options, asynchronously. */
    public CompletableFuture<Project> updateAsync(String project) {
      return updateAsync(project, options -> {});
    }

    private static Request updateRequest(String project, Consumer<? super UpdateOptions> configure) {
      var options = new UpdateOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("PATCH", "/v1/projects/{project}", Retry.conditional(options.ifMatch), options)
          .path("project", project)
.header("If-Match", options.ifMatch)
          .json(body);
    }

    /** The optional arguments of {@link #update(String, Consumer)}. */
    public static final class UpdateOptions extends CallOptions {
      private final ProjectUpdate body = new ProjectUpdate();
      private String ifMatch;

      private UpdateOptions() {}

      /**
       * Settings of a project. A member that is absent does not change; `null` removes the value.
       */
      public UpdateOptions settings(ProjectSettingsUpdate settings) {
        body.setSettings(settings);
        return this;
      }

      /**
       * Whether no key of the project is valid.
       */
      public UpdateOptions disabled(boolean disabled) {
        body.setDisabled(disabled);
        return this;
      }

      /**
       * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
       * nothing is done and the status is 412.
       */
      public UpdateOptions ifMatch(String ifMatch) {
        this.ifMatch = ifMatch;
        return this;
      }

      @Override
      public UpdateOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public UpdateOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }
}

  /** {@code upsert}, {@code list}, {@code get}, {@code delete}, {@code createToken}. */
  public static final class Owners {
    private final Transport transport;

    private Owners(Transport transport) {
      this.transport = transport;
    }

    /**
     * Create or update an owner.
     *
     * <p>Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not
     * change. External ids are compared byte for byte. A disabled owner has no valid key.
     *
     * @param project The slug of the project.
     * @param externalId The id of the owner in the deployer's system: any characters but control characters, compared
     * byte for byte.
     */
    public Owner upsert(String project, String externalId, Consumer<? super UpsertOptions> options) {
      return transport.call(upsertRequest(project, externalId, options), OWNER);
    }

    /** {@link #upsert(String, String, Consumer)} without options. */
    public Owner upsert(String project, String externalId) {
      return upsert(project, externalId, options -> {});
    }

    /** {@link #upsert(String, String, Consumer)}, asynchronously. */
    public CompletableFuture<Owner> upsertAsync(String project, String externalId, Consumer<? super UpsertOptions> options) {
      return transport.callAsync(upsertRequest(project, externalId, options), OWNER);
    }

    /** {@link #upsert(String, String, Consumer)} without options, asynchronously. */
    public CompletableFuture<Owner> upsertAsync(String project, String externalId) {
      return upsertAsync(project, externalId, options -> {});
    }

    private static Request upsertRequest(String project, String externalId, Consumer<? super UpsertOptions> configure) {
      var options = new UpsertOptions();
      configure.accept(options);
      var body = options.body;
      body.setExternalId(externalId);
      return new Request("POST", "/v1/projects/{project}/owners", Retry.REPEATABLE, options)
          .path("project", project)
          .json(body);
    }

    /** The optional arguments of {@link #upsert(String, String, Consumer)}. */
    public static final class UpsertOptions extends CallOptions {
      private final OwnerUpsert body = new OwnerUpsert();

      private UpsertOptions() {}

      /**
       * A name for people; `null` for none. Absent: unchanged.
       */
      public UpsertOptions displayName(String displayName) {
        body.setDisplayName(displayName);
        return this;
      }

      /**
       * Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits,
       * `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together
       * have at most 4,096 bytes.
       */
      public UpsertOptions metadata(Map<String, String> metadata) {
        body.setMetadata(metadata);
        return this;
      }

      /**
       * Whether no key of the owner is valid. Absent: unchanged.
       */
      public UpsertOptions disabled(boolean disabled) {
        body.setDisabled(disabled);
        return this;
      }

      @Override
      public UpsertOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public UpsertOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * List owners.
     *
     * <p>Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as
     * `cursor` to get the next page, until it is `null`.
     *
     * @param project The slug of the project.
     */
    public Pages<Owner> list(String project, Consumer<? super ListOptions> options) {
      return Pages.byCursor(transport, listRequest(project, options), OWNER);
    }

    /** {@link #list(String, Consumer)} without options. */
    public Pages<Owner> list(String project) {
      return list(project, options -> {});
    }

    private static Request listRequest(String project, Consumer<? super ListOptions> configure) {
      var options = new ListOptions();
      configure.accept(options);
      return new Request("GET", "/v1/projects/{project}/owners", Retry.REPEATABLE, options)
          .path("project", project)
          .query("limit", options.limit)
          .query("external_id", options.externalId);
    }

    /** The optional arguments of {@link #list(String, Consumer)}. */
    public static final class ListOptions extends CallOptions {
      private Long limit;
      private String externalId;

      private ListOptions() {}

      /**
       * The maximum number of items on a page.
       */
      public ListOptions limit(long limit) {
        this.limit = limit;
        return this;
      }

      /**
       * Return only the owner with this external id.
       */
      public ListOptions externalId(String externalId) {
        this.externalId = externalId;
        return this;
      }

      @Override
      public ListOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public ListOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Get an owner.
     *
     * <p>Returns an owner of the project.
     *
     * @param project The slug of the project.
     * @param ownerId The `id` of the owner.
     */
    public Owner get(String project, long ownerId, Consumer<? super CallOptions> options) {
      return transport.call(getRequest(project, ownerId, options), OWNER);
    }

    /** {@link #get(String, long, Consumer)} without options. */
    public Owner get(String project, long ownerId) {
      return get(project, ownerId, options -> {});
    }

    /** {@link #get(String, long, Consumer)}, asynchronously. */
    public CompletableFuture<Owner> getAsync(String project, long ownerId, Consumer<? super CallOptions> options) {
      return transport.callAsync(getRequest(project, ownerId, options), OWNER);
    }

    /** {@link #get(String, long, Consumer)} without options, asynchronously. */
    public CompletableFuture<Owner> getAsync(String project, long ownerId) {
      return getAsync(project, ownerId, options -> {});
    }

    private static Request getRequest(String project, long ownerId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("GET", "/v1/projects/{project}/owners/{owner_id}", Retry.REPEATABLE, options)
          .path("project", project)
          .path("owner_id", ownerId);
    }

    /**
     * Delete an owner.
     *
     * <p>Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys,
     * which are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can then
     * name a new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.
     *
     * @param project The slug of the project.
     * @param ownerId The `id` of the owner.
     */
    public void delete(String project, long ownerId, Consumer<? super CallOptions> options) {
      transport.call(deleteRequest(project, ownerId, options), Shape.NOTHING);
    }

    /** {@link #delete(String, long, Consumer)} without options. */
    public void delete(String project, long ownerId) {
      delete(project, ownerId, options -> {});
    }

    /** {@link #delete(String, long, Consumer)}, asynchronously. */
    public CompletableFuture<Void> deleteAsync(String project, long ownerId, Consumer<? super CallOptions> options) {
      return transport.callAsync(deleteRequest(project, ownerId, options), Shape.NOTHING);
    }

    /** {@link #delete(String, long, Consumer)} without options, asynchronously. */
    public CompletableFuture<Void> deleteAsync(String project, long ownerId) {
      return deleteAsync(project, ownerId, options -> {});
    }

    private static Request deleteRequest(String project, long ownerId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("DELETE", "/v1/projects/{project}/owners/{owner_id}", Retry.REPEATABLE, options)
          .path("project", project)
          .path("owner_id", ownerId);
    }

    /**
     * Create an owner token.
     *
     * <p>Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of
     * the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the
     * caller or the API key that created it is disabled, or the caller may no longer change owners. A browser may use
     * it on pages of the allowed origins of the project.
     *
     * @param project The slug of the project.
     * @param externalId The external id of the owner.
     */
    public TokenResponse createToken(String project, String externalId, Consumer<? super CreateTokenOptions> options) {
      return transport.call(createTokenRequest(project, externalId, options), TOKEN_RESPONSE);
    }

    /** {@link #createToken(String, String, Consumer)} without options. */
    public TokenResponse createToken(String project, String externalId) {
      return createToken(project, externalId, options -> {});
    }

    /** {@link #createToken(String, String, Consumer)}, asynchronously. */
    public CompletableFuture<TokenResponse> createTokenAsync(String project, String externalId, Consumer<? super CreateTokenOptions> options) {
      return transport.callAsync(createTokenRequest(project, externalId, options), TOKEN_RESPONSE);
    }

    /** {@link #createToken(String, String, Consumer)} without options, asynchronously. */
    public CompletableFuture<TokenResponse> createTokenAsync(String project, String externalId) {
      return createTokenAsync(project, externalId, options -> {});
    }

    private static Request createTokenRequest(String project, String externalId, Consumer<? super CreateTokenOptions> configure) {
      var options = new CreateTokenOptions();
      configure.accept(options);
      var body = options.body;
      body.setExternalId(externalId);
      return new Request("POST", "/v1/projects/{project}/owner-tokens", Retry.REPEATABLE, options)
          .path("project", project)
          .json(body);
    }

    /** The optional arguments of {@link #createToken(String, String, Consumer)}. */
    public static final class CreateTokenOptions extends CallOptions {
      private final OwnerTokenCreate body = new OwnerTokenCreate();

      private CreateTokenOptions() {}

      /**
       * The scopes of the token, of `latchkey:keys.read`, `latchkey:keys.manage` and `latchkey:keys.write`. Absent: the
       * first two.
       */
      public CreateTokenOptions scopes(List<String> scopes) {
        body.setScopes(scopes);
        return this;
      }

      /**
       * The scopes that keys may have which the token creates or restricts. Absent: the default scopes of the project.
       */
      public CreateTokenOptions keyScopes(List<String> keyScopes) {
        body.setKeyScopes(keyScopes);
        return this;
      }

      /**
       * How long the token is valid, in seconds; 900 if absent.
       */
      public CreateTokenOptions expiresIn(long expiresIn) {
        body.setExpiresIn(expiresIn);
        return this;
      }

      @Override
      public CreateTokenOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public CreateTokenOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }
}

  /** {@code list}, {@code set}, {@code remove}. */
  public static final class Members {
    private final Transport transport;

    private Members(Transport transport) {
      this.transport = transport;
    }

    /**
     * List members.
     *
     * <p>Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page,
     * until it is `null`. Administrators reach every project and are not listed for it.
     *
     * @param project The slug of the project.
     */
    public Pages<Member> list(String project, Consumer<? super ListOptions> options) {
      return Pages.byCursor(transport, listRequest(project, options), MEMBER);
    }

    /** {@link #list(String, Consumer)} without options. */
    public Pages<Member> list(String project) {
      return list(project, options -> {});
    }

    private static Request listRequest(String project, Consumer<? super ListOptions> configure) {
      var options = new ListOptions();
      configure.accept(options);
      return new Request("GET", "/v1/projects/{project}/members", Retry.REPEATABLE, options)
          .path("project", project)
          .query("limit", options.limit);
    }

    /** The optional arguments of {@link #list(String, Consumer)}. */
    public static final class ListOptions extends CallOptions {
      private Long limit;

      private ListOptions() {}

      /**
       * The maximum number of items on a page.
       */
      public ListOptions limit(long limit) {
        this.limit = limit;
        return this;
      }

      @Override
      public ListOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public ListOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Give a user a role.
     *
     * <p>Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens
     * and API keys that exist. A service account that was removed cannot become a member again.
     *
     * @param project The slug of the project.
     * @param userId The id of the user or service account.
     * @param role What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit
     * events; `manager`: also manage owners and their keys; `admin`: everything.
     */
    public Member set(String project, long userId, MemberRole role, Consumer<? super CallOptions> options) {
      return transport.call(setRequest(project, userId, role, options), MEMBER);
    }

    /** {@link #set(String, long, MemberRole, Consumer)} without options. */
    public Member set(String project, long userId, MemberRole role) {
      return set(project, userId, role, options -> {});
    }

    /** {@link #set(String, long, MemberRole, Consumer)}, asynchronously. */
    public CompletableFuture<Member> setAsync(String project, long userId, MemberRole role, Consumer<? super CallOptions> options) {
      return transport.callAsync(setRequest(project, userId, role, options), MEMBER);
    }

    /** {@link #set(String, long, MemberRole, Consumer)} without options, asynchronously. */
    public CompletableFuture<Member> setAsync(String project, long userId, MemberRole role) {
      return setAsync(project, userId, role, options -> {});
    }

    private static Request setRequest(String project, long userId, MemberRole role, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      var body = new MemberSet();
      body.setRole(role);
      return new Request("PUT", "/v1/projects/{project}/members/{user_id}", Retry.REPEATABLE, options)
          .path("project", project)
          .path("user_id", userId)
          .json(body);
    }

    /**
     * Remove a member.
     *
     * <p>Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid.
     * What is no member is 404.
     *
     * @param project The slug of the project.
     * @param userId The id of the user or service account.
     */
    public void remove(String project, long userId, Consumer<? super CallOptions> options) {
      transport.call(removeRequest(project, userId, options), Shape.NOTHING);
    }

    /** {@link #remove(String, long, Consumer)} without options. */
    public void remove(String project, long userId) {
      remove(project, userId, options -> {});
    }

    /** {@link #remove(String, long, Consumer)}, asynchronously. */
    public CompletableFuture<Void> removeAsync(String project, long userId, Consumer<? super CallOptions> options) {
      return transport.callAsync(removeRequest(project, userId, options), Shape.NOTHING);
    }

    /** {@link #remove(String, long, Consumer)} without options, asynchronously. */
    public CompletableFuture<Void> removeAsync(String project, long userId) {
      return removeAsync(project, userId, options -> {});
    }

    private static Request removeRequest(String project, long userId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("DELETE", "/v1/projects/{project}/members/{user_id}", Retry.REPEATABLE, options)
          .path("project", project)
          .path("user_id", userId);
    }
}

  /** {@code create}. */
  public static final class ServiceAccounts {
    private final Transport transport;

    private ServiceAccounts(Transport transport) {
      this.transport = transport;
    }

    /**
     * Create a service account.
     *
     * <p>Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API
     * keys, which do what their scopes and the role permit.
     *
     * @param project The slug of the project.
     * @param name The name, unique among the service accounts of the project.
     * @param role What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit
     * events; `manager`: also manage owners and their keys; `admin`: everything.
     */
    public Member create(String project, String name, MemberRole role, Consumer<? super CallOptions> options) {
      return transport.call(createRequest(project, name, role, options), MEMBER);
    }

    /** {@link #create(String, String, MemberRole, Consumer)} without options. */
    public Member create(String project, String name, MemberRole role) {
      return create(project, name, role, options -> {});
    }

    /** {@link #create(String, String, MemberRole, Consumer)}, asynchronously. */
    public CompletableFuture<Member> createAsync(String project, String name, MemberRole role, Consumer<? super CallOptions> options) {
      return transport.callAsync(createRequest(project, name, role, options), MEMBER);
    }

    /** {@link #create(String, String, MemberRole, Consumer)} without options, asynchronously. */
    public CompletableFuture<Member> createAsync(String project, String name, MemberRole role) {
      return createAsync(project, name, role, options -> {});
    }

    private static Request createRequest(String project, String name, MemberRole role, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      var body = new ServiceAccountCreate();
      body.setName(name);
      body.setRole(role);
      return new Request("POST", "/v1/projects/{project}/service-accounts", Retry.REJECTED, options)
          .path("project", project)
          .json(body);
    }
}

  /** {@code events}. */
  public static final class Audit {
    private final Transport transport;

    private Audit(Transport transport) {
      this.transport = transport;
    }

    /**
     * List audit events.
     *
     * <p>Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of
     * a scope. Administrators read all events, members those of the projects in which their role permits it. A change
     * and its event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as `cursor`
     * to get the next page, until it is `null`.
     */
    public Pages<AuditEvent> events(Consumer<? super EventsOptions> options) {
      return Pages.byCursor(transport, eventsRequest(options), AUDIT_EVENT);
    }

    /** {@link #events(Consumer)} without options. */
    public Pages<AuditEvent> events() {
      return events(options -> {});
    }

    private static Request eventsRequest(Consumer<? super EventsOptions> configure) {
      var options = new EventsOptions();
      configure.accept(options);
      return new Request("GET", "/v1/audit/events", Retry.REPEATABLE, options)
          .query("limit", options.limit)
          .query("key_id", options.keyId)
          .query("actor_user_id", options.actorUserId)
          .query("action", options.action)
          .query("since", options.since)
          .query("until", options.until);
    }

    /** The optional arguments of {@link #events(Consumer)}. */
    public static final class EventsOptions extends CallOptions {
      private Long limit;
      private Long keyId;
      private Long actorUserId;
      private String action;
      private OffsetDateTime since;
      private OffsetDateTime until;

      private EventsOptions() {}

      /**
       * The maximum number of items on a page.
       */
      public EventsOptions limit(long limit) {
        this.limit = limit;
        return this;
      }

      /**
       * Return only events of this API key.
       */
      public EventsOptions keyId(long keyId) {
        this.keyId = keyId;
        return this;
      }

      /**
       * Return only events that this principal caused.
       */
      public EventsOptions actorUserId(long actorUserId) {
        this.actorUserId = actorUserId;
        return this;
      }

      /**
       * Return only events with this action. It may be an action that this version does not know, because a later
       * version may have written it.
       */
      public EventsOptions action(String action) {
        this.action = action;
        return this;
      }

      /**
       * Return only events that occurred at or after this time; RFC 3339 with an offset.
       */
      public EventsOptions since(OffsetDateTime since) {
        this.since = since;
        return this;
      }

      /**
       * Return only events that occurred before this time; RFC 3339 with an offset.
       */
      public EventsOptions until(OffsetDateTime until) {
        this.until = until;
        return this;
      }

      @Override
      public EventsOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public EventsOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }
}

  /** {@code list}, {@code create}, {@code get}, {@code update}, {@code changePassword}. */
  public static final class Users {
    private final Transport transport;

    private Users(Transport transport) {
      this.transport = transport;
    }

    /**
     * List users.
     *
     * <p>Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only
     * administrators manage users.
     */
    public Pages<User> list(Consumer<? super ListOptions> options) {
      return Pages.byCursor(transport, listRequest(options), USER);
    }

    /** {@link #list(Consumer)} without options. */
    public Pages<User> list() {
      return list(options -> {});
    }

    private static Request listRequest(Consumer<? super ListOptions> configure) {
      var options = new ListOptions();
      configure.accept(options);
      return new Request("GET", "/v1/users", Retry.REPEATABLE, options)
          .query("username", options.username)
          .query("limit", options.limit);
    }

    /** The optional arguments of {@link #list(Consumer)}. */
    public static final class ListOptions extends CallOptions {
      private String username;
      private Long limit;

      private ListOptions() {}

      /**
       * Return only the user of this name.
       */
      public ListOptions username(String username) {
        this.username = username;
        return this;
      }

      /**
       * The maximum number of items on a page.
       */
      public ListOptions limit(long limit) {
        this.limit = limit;
        return this;
      }

      @Override
      public ListOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public ListOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Create a user.
     *
     * <p>Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be
     * given before. `setMember` gives a user roles in projects.
     *
     * @param username The name, unique among users. It cannot be changed.
     */
    public User create(String username, Consumer<? super CreateOptions> options) {
      return transport.call(createRequest(username, options), USER);
    }

    /** {@link #create(String, Consumer)} without options. */
    public User create(String username) {
      return create(username, options -> {});
    }

    /** {@link #create(String, Consumer)}, asynchronously. */
    public CompletableFuture<User> createAsync(String username, Consumer<? super CreateOptions> options) {
      return transport.callAsync(createRequest(username, options), USER);
    }

    /** {@link #create(String, Consumer)} without options, asynchronously. */
    public CompletableFuture<User> createAsync(String username) {
      return createAsync(username, options -> {});
    }

    private static Request createRequest(String username, Consumer<? super CreateOptions> configure) {
      var options = new CreateOptions();
      configure.accept(options);
      var body = options.body;
      body.setUsername(username);
      return new Request("POST", "/v1/users", Retry.REJECTED, options)
          .json(body);
    }

    /** The optional arguments of {@link #create(String, Consumer)}. */
    public static final class CreateOptions extends CallOptions {
      private final UserCreate body = new UserCreate();

      private CreateOptions() {}

      /**
       * The password. Without one, nobody can log in as the user.
       */
      public CreateOptions password(String password) {
        body.setPassword(password);
        return this;
      }

      /**
       * Whether the user may do everything in the instance; by default not.
       */
      public CreateOptions administrator(boolean administrator) {
        body.setAdministrator(administrator);
        return this;
      }

      @Override
      public CreateOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public CreateOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Get a user.
     *
     * <p>Returns a user, also a disabled one. Service accounts and owners are 404.
     *
     * @param userId The id of the user.
     */
    public User get(long userId, Consumer<? super CallOptions> options) {
      return transport.call(getRequest(userId, options), USER);
    }

    /** {@link #get(long, Consumer)} without options. */
    public User get(long userId) {
      return get(userId, options -> {});
    }

    /** {@link #get(long, Consumer)}, asynchronously. */
    public CompletableFuture<User> getAsync(long userId, Consumer<? super CallOptions> options) {
      return transport.callAsync(getRequest(userId, options), USER);
    }

    /** {@link #get(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<User> getAsync(long userId) {
      return getAsync(userId, options -> {});
    }

    private static Request getRequest(long userId, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      return new Request("GET", "/v1/users/{user_id}", Retry.REPEATABLE, options)
          .path("user_id", userId);
    }

    /**
     * Change a user.
     *
     * <p>Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens
     * of the user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are
     * revoked for good, after everything else: if that fails, the rest is done, and the request can be repeated. The
     * last administrator who is enabled can neither be disabled nor be made an ordinary user (409).
     *
     * @param userId The id of the user.
     */
    public User update(long userId, Consumer<? super UpdateOptions> options) {
      return transport.call(updateRequest(userId, options), USER);
    }

    /** {@link #update(long, Consumer)} without options. */
    public User update(long userId) {
      return update(userId, options -> {});
    }

    /** {@link #update(long, Consumer)}, asynchronously. */
    public CompletableFuture<User> updateAsync(long userId, Consumer<? super UpdateOptions> options) {
      return transport.callAsync(updateRequest(userId, options), USER);
    }

    /** {@link #update(long, Consumer)} without options, asynchronously. */
    public CompletableFuture<User> updateAsync(long userId) {
      return updateAsync(userId, options -> {});
    }

    private static Request updateRequest(long userId, Consumer<? super UpdateOptions> configure) {
      var options = new UpdateOptions();
      configure.accept(options);
      var body = options.body;
      return new Request("PATCH", "/v1/users/{user_id}", Retry.REPEATABLE, options)
          .path("user_id", userId)
          .json(body);
    }

    /** The optional arguments of {@link #update(long, Consumer)}. */
    public static final class UpdateOptions extends CallOptions {
      private final UserUpdate body = new UserUpdate();

      private UpdateOptions() {}

      /**
       * Another password. It ends all bearer tokens of the user.
       */
      public UpdateOptions password(String password) {
        body.setPassword(password);
        return this;
      }

      /**
       * Whether the user may do everything in the instance.
       */
      public UpdateOptions administrator(boolean administrator) {
        body.setAdministrator(administrator);
        return this;
      }

      /**
       * Whether the user is disabled. Keys are valid again when the user is enabled, unless they were revoked; bearer
       * tokens are not.
       */
      public UpdateOptions disabled(boolean disabled) {
        body.setDisabled(disabled);
        return this;
      }

      /**
       * If true, all API keys that the user has are revoked.
       */
      public UpdateOptions revokeKeys(boolean revokeKeys) {
        body.setRevokeKeys(revokeKeys);
        return this;
      }

      @Override
      public UpdateOptions timeout(Duration timeout) {
        super.timeout(timeout);
        return this;
      }

      @Override
      public UpdateOptions retry(boolean retry) {
        super.retry(retry);
        return this;
      }
    }

    /**
     * Change the password of the current user.
     *
     * <p>Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay
     * valid. It takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and
     * restricted tokens get a 403. The current password is checked like that of `issueToken`, under the same limits on
     * failed attempts.
     *
     * @param current The password that the user has.
     * @param newValue The password that the user gets.
     */
    public void changePassword(String current, String newValue, Consumer<? super CallOptions> options) {
      transport.call(changePasswordRequest(current, newValue, options), Shape.NOTHING);
    }

    /** {@link #changePassword(String, String, Consumer)} without options. */
    public void changePassword(String current, String newValue) {
      changePassword(current, newValue, options -> {});
    }

    /** {@link #changePassword(String, String, Consumer)}, asynchronously. */
    public CompletableFuture<Void> changePasswordAsync(String current, String newValue, Consumer<? super CallOptions> options) {
      return transport.callAsync(changePasswordRequest(current, newValue, options), Shape.NOTHING);
    }

    /** {@link #changePassword(String, String, Consumer)} without options, asynchronously. */
    public CompletableFuture<Void> changePasswordAsync(String current, String newValue) {
      return changePasswordAsync(current, newValue, options -> {});
    }

    private static Request changePasswordRequest(String current, String newValue, Consumer<? super CallOptions> configure) {
      var options = new CallOptions();
      configure.accept(options);
      var body = new PasswordChange();
      body.setCurrent(current);
      body.setNew(newValue);
      return new Request("PUT", "/v1/users/me/password", Retry.REJECTED, options)
          .json(body);
    }
}
}
