package io.symbolon.interop.conformance;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** In what a {@link FapiProvider} is not as it should be, and when the client has to stop. */
final class FapiFault {
  private Consumer<Map<String, Object>> metadata = it -> {};
  private Consumer<Map<String, Object>> response = it -> {};
  private Consumer<Map<String, Object>> idTokenClaims = it -> {};
  private Consumer<Map<String, Object>> tokenResponse = it -> {};
  private Consumer<Map<String, Object>> backchannelAnswer = it -> {};
  private UnaryOperator<String> signedResponse = UnaryOperator.identity();
  private BiFunction<FapiTokens, Map<String, Object>, String> idToken = FapiTokens::signed;
  private List<String> pollErrors = List.of();
  private String stopsAfter = "";
  private String dpopScheme = "DPoP";
  private boolean demandsNonces = true;
  private boolean hasNoAliases;
  private int refreshesDemanded;

  private FapiFault() {}

  static FapiFault none() {
    return new FapiFault();
  }

  static FapiFault inMetadata(Consumer<Map<String, Object>> change) {
    FapiFault fault = new FapiFault().thatStops(".well-known/openid-configuration");
    fault.metadata = change;
    return fault;
  }

  /** In the parameters of the authorization response, or in the claims of a signed one. */
  static FapiFault inResponse(Consumer<Map<String, Object>> change) {
    FapiFault fault = new FapiFault().thatStops("authorize");
    fault.response = change;
    return fault;
  }

  static FapiFault inSignedResponse(UnaryOperator<String> change) {
    FapiFault fault = new FapiFault().thatStops("authorize");
    fault.signedResponse = change;
    return fault;
  }

  static FapiFault inIdToken(Consumer<Map<String, Object>> change) {
    FapiFault fault = new FapiFault().thatStops("token");
    fault.idTokenClaims = change;
    return fault;
  }

  static FapiFault inSignature(BiFunction<FapiTokens, Map<String, Object>, String> signature) {
    FapiFault fault = new FapiFault().thatStops("token");
    fault.idToken = signature;
    return fault;
  }

  static FapiFault inBackchannelAnswer(Consumer<Map<String, Object>> change) {
    FapiFault fault = new FapiFault().thatStops("backchannel");
    fault.backchannelAnswer = change;
    return fault;
  }

  /** An honest provider that the client has to bear with. */
  static FapiFault harmless(Consumer<Map<String, Object>> idTokenClaims) {
    FapiFault fault = inIdToken(idTokenClaims);
    fault.stopsAfter = "";
    return fault;
  }

  FapiFault tokenResponse(Consumer<Map<String, Object>> change) {
    tokenResponse = change;
    return this;
  }

  /** How many seconds lie between two polls at least. */
  FapiFault interval(long seconds) {
    backchannelAnswer = answer -> answer.put("interval", seconds);
    return this;
  }

  FapiFault withoutNonces() {
    demandsNonces = false;
    return this;
  }

  FapiFault withoutAliases() {
    hasNoAliases = true;
    return this;
  }

  FapiFault dpopScheme(String scheme) {
    dpopScheme = scheme;
    return this;
  }

  /** What the first polls get. */
  FapiFault polls(String... errors) {
    pollErrors = List.of(errors);
    return this;
  }

  FapiFault refreshes(int demanded) {
    refreshesDemanded = demanded;
    return this;
  }

  private FapiFault thatStops(String endpoint) {
    stopsAfter = endpoint;
    return this;
  }

  Consumer<Map<String, Object>> metadata() {
    return metadata;
  }

  Consumer<Map<String, Object>> response() {
    return response;
  }

  UnaryOperator<String> signedResponse() {
    return signedResponse;
  }

  Consumer<Map<String, Object>> idTokenClaims() {
    return idTokenClaims;
  }

  BiFunction<FapiTokens, Map<String, Object>, String> idToken() {
    return idToken;
  }

  Consumer<Map<String, Object>> tokenResponse() {
    return tokenResponse;
  }

  Consumer<Map<String, Object>> backchannelAnswer() {
    return backchannelAnswer;
  }

  String errorOfPoll(int number) {
    return number <= pollErrors.size() ? pollErrors.get(number - 1) : null;
  }

  boolean stopsAfter(String endpoint) {
    return stopsAfter.equals(endpoint);
  }

  boolean demandsNonces() {
    return demandsNonces;
  }

  boolean hasNoAliases() {
    return hasNoAliases;
  }

  String dpopScheme() {
    return dpopScheme;
  }

  int refreshesDemanded() {
    return refreshesDemanded;
  }
}
