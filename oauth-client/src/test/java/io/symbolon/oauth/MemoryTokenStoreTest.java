package io.symbolon.oauth;

final class MemoryTokenStoreTest extends TokenStoreContract {
  @Override
  protected TokenStore store() {
    return new MemoryTokenStore(1_000);
  }
}
