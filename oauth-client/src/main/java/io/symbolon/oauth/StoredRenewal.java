package io.symbolon.oauth;

import io.symbolon.oauth.internal.QuietListener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One renewal of a stored login, told from top to bottom: lease, read again, note the intent, send,
 * save, and only then hand out.
 */
final class StoredRenewal implements StoredEntry {
  /** After so many sends without an answer, by processes that died, we stop asking. */
  private static final int MOST_UNANSWERED = 2;

  /** A store that fails for a moment must not cost a login. */
  private static final int SAVE_ATTEMPTS = 5;

  private final OAuthClient client;
  private final TokenStore store;
  private final String key;
  private final TokenCheck[] checks;
  private final LeaseWait wait;
  private volatile @Nullable FailedIntent failedIntent;
  private volatile @Nullable Secret ownToken;

  /** An intent that may be in the store although nothing was sent. */
  private record FailedIntent(@Nullable Secret refreshToken, int unansweredBefore) {
    boolean isThatOf(StoredTokens entry) {
      return entry.unanswered() == unansweredBefore + 1
          && Objects.equals(refreshToken, entry.tokens().refreshToken());
    }
  }

  StoredRenewal(OAuthClient client, TokenStore store, String key, TokenCheck... checks) {
    this.client = client;
    this.store = ObservedStore.of(store, client.listener());
    this.key = key;
    this.checks = checks.clone();
    this.wait = new LeaseWait(client, this.store, key);
  }

  /**
   * A newer entry than this one: somebody else's, if there is one by now, or ours.
   *
   * @throws LoginRequiredException when the login has ended; the entry is gone then
   * @throws IOException when it could not be renewed; the entry is kept then
   */
  @Override
  public StoredTokens renew(StoredTokens seen) throws IOException {
    if (client.unsavedLogins().holds(store, key)) {
      throw new IOException("the login was renewed, and the store cannot be written: " + store);
    }
    TokenStore.Lease lease = wait.lease(() -> isGoneOrNewer(seen));
    if (lease == null) {
      return present();
    }
    try {
      long leasedAt = System.nanoTime();
      StoredTokens present = present();
      client.requireKeyOf(present.tokens());
      return isNewer(present, seen) ? present : send(present, lease, leasedAt);
    } finally {
      // While the answer is not saved, nobody else may send the token that it replaced.
      if (!client.unsavedLogins().holds(store, key)) {
        lease.close();
      }
    }
  }

  private StoredTokens present() throws IOException {
    StoredTokens present = store.load(key);
    if (present == null) {
      throw loginRequired("the login was removed from the store", null);
    }
    return present;
  }

  @Override
  public boolean isOwn(AccessToken token) {
    return token.value().equals(ownToken);
  }

  private boolean isGoneOrNewer(StoredTokens seen) throws IOException {
    StoredTokens present = store.load(key);
    return present == null || isNewer(present, seen);
  }

  private static boolean isNewer(StoredTokens present, StoredTokens seen) {
    return !StoredEntry.isSame(present.tokens().accessToken(), seen.tokens().accessToken());
  }

  private StoredTokens send(StoredTokens present, TokenStore.Lease lease, long leasedAt)
      throws IOException {
    requireRefreshToken(present);
    StoredTokens intended = intend(present, lease, leasedAt);
    try {
      return save(request(intended), intended, lease);
    } catch (OAuthErrorException e) {
      return answeredNo(e, intended, lease);
    } catch (IOException e) {
      return isAmbiguous(e) && intended.unanswered() == 1
          ? sendAgain(e, intended, lease, leasedAt)
          : keep(e, intended, lease);
    }
  }

  private TokenSet request(StoredTokens entry) throws IOException {
    return client.refresh(entry.tokens()).checks(checks).execute();
  }

  /**
   * The server may have taken the token and its answer got lost. Servers with a grace period answer
   * the same token once more, if it comes at once; with the others nothing is lost by asking, since
   * this token is all there is.
   */
  private StoredTokens sendAgain(
      IOException first, StoredTokens entry, TokenStore.Lease lease, long leasedAt)
      throws IOException {
    StoredTokens intended = intend(entry, lease, leasedAt);
    try {
      return save(request(intended), intended, lease);
    } catch (OAuthErrorException e) {
      e.addSuppressed(first);
      return answeredNo(e, intended, lease);
    } catch (IOException e) {
      e.addSuppressed(first);
      return keep(e, intended, lease);
    }
  }

  /** Before it is sent, so that a process that takes over knows. */
  private StoredTokens intend(StoredTokens present, TokenStore.Lease lease, long leasedAt)
      throws IOException {
    if (!client.leaseLastsForACall(System.nanoTime() - leasedAt)) {
      throw new IOException(
          "this process stood still for so long that its lease may be somebody else's by now");
    }
    FailedIntent failed = failedIntent;
    int unanswered =
        failed != null && failed.isThatOf(present) ? failed.unansweredBefore : present.unanswered();
    if (unanswered >= MOST_UNANSWERED) {
      return ended(present, lease, "it was sent twice without an answer that was kept", null);
    }
    try {
      StoredTokens intended =
          write(present.withUnanswered(unanswered + 1), present.version(), lease);
      failedIntent = null;
      return intended;
    } catch (IOException e) {
      failedIntent = new FailedIntent(present.tokens().refreshToken(), unanswered);
      throw e;
    }
  }

  private StoredTokens write(StoredTokens entry, long version, TokenStore.Lease lease)
      throws IOException {
    StoredTokens written = store.save(key, entry, version, lease.fence());
    if (written == null) {
      throw new IOException("the login was replaced in the store while it was renewed");
    }
    return written;
  }

  /**
   * What cannot be saved is kept in memory, served from there, and saved at the next chance. Never
   * throws: a store that fails must not look like an answer that was lost.
   */
  private StoredTokens save(TokenSet tokens, StoredTokens before, TokenStore.Lease lease) {
    StoredTokens renewed = before.renewedTo(tokens);
    ownToken = tokens.accessToken().value();
    try {
      StoredTokens saved = savePatiently(renewed, before.version(), lease.fence());
      return saved != null ? saved : replaceSpent(store, key, before, renewed);
    } catch (IOException e) {
      client.unsavedLogins().put(store, key, before, renewed, lease);
      tellKept();
      return renewed;
    }
  }

  private void tellKept() {
    QuietListener listener = client.listener();
    if (listener != null) {
      listener.keptInMemory();
    }
  }

  /**
   * Saves a renewed login although the lease is over, as long as the store still has the refresh
   * token that was sent for it: that one is spent, whoever holds a lease by now.
   *
   * @return what the store has then; the renewed login when it was removed meanwhile
   */
  static StoredTokens replaceSpent(
      TokenStore store, String key, StoredTokens before, StoredTokens renewed) throws IOException {
    Secret spent = before.tokens().refreshToken();
    for (int attempt = 0; attempt < SAVE_ATTEMPTS; attempt++) {
      StoredTokens present = store.load(key);
      if (present == null) {
        return renewed;
      }
      if (!Objects.equals(spent, present.tokens().refreshToken())) {
        return present;
      }
      StoredTokens saved = store.save(key, renewed, present.version(), 0);
      if (saved != null) {
        return saved;
      }
    }
    throw new IOException("the login changes in the store faster than it can be saved");
  }

  /** An attempt that failed may have been saved all the same; the next one finds that out. */
  private @Nullable StoredTokens savePatiently(StoredTokens renewed, long version, long fence)
      throws IOException {
    for (int attempt = 1; attempt < SAVE_ATTEMPTS; attempt++) {
      try {
        return store.save(key, renewed, version, fence);
      } catch (IOException e) {
        wait.pause(attempt);
      }
    }
    return store.save(key, renewed, version, fence);
  }

  /**
   * What the store has, after saving what it could not take before.
   *
   * @throws LoginRequiredException when there is nothing
   */
  @Override
  public StoredTokens newest() throws IOException {
    StoredTokens unsaved = client.unsavedLogins().saveNow(store, key);
    StoredTokens newest = unsaved != null ? unsaved : store.load(key);
    if (newest == null) {
      throw loginRequired("there is no login under the key", null);
    }
    return newest;
  }

  private StoredTokens answeredNo(OAuthErrorException no, StoredTokens sent, TokenStore.Lease lease)
      throws IOException {
    if (!no.error().equals("invalid_grant")) {
      return keep(no, sent, lease);
    }
    String lost = sent.unanswered() > 1 ? "; an earlier answer was lost on its way" : "";
    return ended(sent, lease, "the server no longer takes it" + lost, no);
  }

  private StoredTokens ended(
      StoredTokens sent, TokenStore.Lease lease, String why, @Nullable OAuthErrorException no)
      throws IOException {
    if (!store.delete(key, sent.version(), lease.fence())) {
      StoredTokens other = store.load(key);
      if (other != null) {
        return other;
      }
    }
    throw loginRequired("the refresh token cannot be used any more: " + why, no);
  }

  /** The answer, or that nothing was sent, is known: the next process starts afresh. */
  private StoredTokens keep(IOException failure, StoredTokens sent, TokenStore.Lease lease)
      throws IOException {
    try {
      int known = isAmbiguous(failure) ? 1 : Math.max(0, sent.unanswered() - 1);
      store.save(key, sent.withUnanswered(known), sent.version(), lease.fence());
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }

  /** Whether the server may have taken the token although no answer came that says so. */
  private static boolean isAmbiguous(IOException e) {
    if (e instanceof InvalidResponseException answer) {
      boolean success = answer.httpStatus() >= 200 && answer.httpStatus() < 300;
      return answer.code().equals("too_large")
          || (success && answer.code().equals("malformed_response"));
    }
    boolean nothingSent =
        e instanceof ConnectException
            || e instanceof UnknownHostException
            || e instanceof SSLException;
    return !nothingSent && !(e instanceof OAuthException);
  }

  private static void requireRefreshToken(StoredTokens present) throws LoginRequiredException {
    if (present.tokens().refreshToken() == null) {
      throw loginRequired("the access token has ended, and there is no refresh token", null);
    }
  }

  static LoginRequiredException loginRequired(String why, @Nullable OAuthErrorException no) {
    Verdict verdict =
        no != null
            ? no.verdict()
            : Verdict.about("the stored login")
                .failed("refresh_token", "one that the server takes", "none", "RFC 6749 §6")
                .fix("log in again")
                .build();
    return new LoginRequiredException("log in again: " + why, verdict, no);
  }
}
