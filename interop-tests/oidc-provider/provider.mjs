// The provider with everything switched on that the tests use.

import crypto, { X509Certificate } from 'node:crypto';
import * as jose from 'jose';
import Provider, { errors } from 'oidc-provider';
import { clients } from './clients.mjs';

const API = 'https://api.example.com/';
const ENCRYPTION = ['RSA-OAEP-256', 'ECDH-ES'];
const SIGNATURES = ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

export async function newProvider(setup) {
  const provider = new Provider(setup.issuer, {
    clients: await clients(setup),
    jwks: await serverKeys(),
    scopes: ['openid', 'offline_access', 'profile', 'email', 'api:read', 'api:write'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    findAccount,
    // The default refuses to call loopback addresses: for logout notices, jwks_uri and request_uri.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    cookies: { keys: [crypto.randomBytes(16).toString('hex')] },
    pkce: { required: (ctx, client) => client.tokenEndpointAuthMethod === 'none' || isFapi(client) },
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
      'attest_jwt_client_auth',
      'none',
    ],
    responseTypes: ['code', 'id_token', 'id_token token', 'code id_token', 'code id_token token', 'code token', 'none'],
    enabledJWA: algorithms(),
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      BackchannelAuthenticationRequest: 120,
      ClientCredentials: 60,
      DeviceCode: 300,
      Grant: 3600,
      IdToken: 300,
      Interaction: 600,
      PushedAuthorizationRequest: 60,
      RefreshToken: 3600,
      Session: 3600,
    },
    rotateRefreshToken: true,
    issueRefreshToken: async (ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    discovery: { mtls_endpoint_aliases: mtlsAliases(setup.mtlsOrigin) },
    features: features(setup, () => provider),
  });
  logErrors(provider);
  return provider;
}

async function serverKeys() {
  return {
    keys: await Promise.all([
      key('RS256'),
      key('PS256'),
      key('ES256'),
      key('EdDSA', { crv: 'Ed25519' }),
      key('RSA-OAEP-256', { use: 'enc' }),
      key('ECDH-ES', { use: 'enc', crv: 'P-256' }),
    ]),
  };
}

async function key(alg, { use = 'sig', crv } = {}) {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true, crv });
  return { ...(await jose.exportJWK(privateKey)), use, alg, kid: `${use}-${alg}` };
}

function findAccount(ctx, id) {
  if (id === 'nobody') return undefined;
  return {
    accountId: id,
    claims: () => ({
      sub: id,
      name: `User ${id}`,
      preferred_username: id,
      email: `${id}@example.com`,
      email_verified: true,
    }),
  };
}

function isFapi(client) {
  return client?.clientId?.startsWith('fapi2');
}

function algorithms() {
  const signing = ['clientAuth', 'idToken', 'userinfo', 'requestObject', 'introspection', 'authorization'];
  return {
    ...Object.fromEntries(signing.map((name) => [`${name}SigningAlgValues`, SIGNATURES])),
    dPoPSigningAlgValues: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
    authorizationEncryptionAlgValues: ENCRYPTION,
    idTokenEncryptionAlgValues: [...ENCRYPTION, 'RSA-OAEP', 'A128KW', 'A256KW', 'dir'],
    userinfoEncryptionAlgValues: ENCRYPTION,
    requestObjectEncryptionAlgValues: ENCRYPTION,
  };
}

function mtlsAliases(origin) {
  return {
    token_endpoint: `${origin}/token`,
    pushed_authorization_request_endpoint: `${origin}/request`,
    introspection_endpoint: `${origin}/token/introspection`,
    revocation_endpoint: `${origin}/token/revocation`,
    device_authorization_endpoint: `${origin}/device/auth`,
    backchannel_authentication_endpoint: `${origin}/backchannel`,
    userinfo_endpoint: `${origin}/me`,
  };
}

function features({ clientKeys, dpopNonce }, provider) {
  return {
    attestClientAuth: {
      enabled: true,
      ack: 'draft-12',
      challengeSecret: crypto.randomBytes(32),
      getAttestationSignaturePublicKey: attester(clientKeys),
      assertAttestationJwtAndPop() {},
    },
    backchannelLogout: { enabled: true },
    ciba: ciba(provider),
    claimsParameter: { enabled: true, assertClaimsParameter() {} },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    dPoP: {
      enabled: true,
      allowReplay: false,
      nonceSecret: crypto.randomBytes(32),
      requireNonce: () => dpopNonce,
    },
    encryption: { enabled: true },
    fapi: { enabled: true, profile: (ctx, client) => (isFapi(client) ? '2.0' : undefined) },
    introspection: { enabled: true, allowedPolicy: () => true },
    jwtIntrospection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: true,
      getCertificate: certificateOf,
      certificateAuthorized: (ctx) => certificateOf(ctx) !== undefined,
      certificateSubjectMatches: (ctx, property, expected) =>
        property === 'tls_client_auth_subject_dn' && certificateOf(ctx).subject === expected,
    },
    pushedAuthorizationRequests: { enabled: true, allowUnregisteredRedirectUris: false },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    requestObjects: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: resourceServer,
    },
    revocation: { enabled: true, allowedPolicy: () => true },
    richAuthorizationRequests: {
      enabled: true,
      types: { payment: { validate: validatePayment } },
      authorizationDetailsForGrantSource: (ctx) => ctx.oidc.grant?.rar,
      authorizationDetailsForAccessToken: (ctx, token, source) => source?.rar,
      authorizationDetailsForIntrospection: (ctx, token) => token.rar,
    },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  };
}

/** Whoever has the client's own signing key attests its installations, too. */
function attester({ keys }) {
  const { d, ...publicPart } = keys.find((key) => key.kid === 'sig-ES256');
  return (ctx, header) => jose.importJWK(publicPart, header.alg);
}

/** A user who agrees two seconds after having been asked, unless the login hint is "denied". */
function ciba(provider) {
  return {
    enabled: true,
    deliveryModes: ['poll'],
    processLoginHint: (ctx, hint) => hint,
    validateBindingMessage() {},
    validateRequestContext() {},
    verifyUserCode() {},
    triggerAuthenticationDevice(ctx, request, account, client) {
      setTimeout(() => answer(provider(), request, account, client).catch(console.error), 2000);
    },
  };
}

async function answer(provider, request, account, client) {
  if (account.accountId === 'denied') {
    await provider.backchannelResult(request.jti, new errors.AccessDenied('user said no'));
    return;
  }
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.addOIDCScope(request.params?.scope ?? 'openid profile email offline_access');
  await grant.save();
  await provider.backchannelResult(request.jti, grant, { acr: '0', authTime: Math.floor(Date.now() / 1000) });
}

function certificateOf(ctx) {
  const certificate = ctx.socket.getPeerCertificate?.();
  return certificate?.raw ? new X509Certificate(certificate.raw) : undefined;
}

function resourceServer(ctx, resource) {
  if (!resource.startsWith(API)) throw new errors.InvalidTarget();
  return {
    scope: 'api:read api:write',
    audience: resource,
    accessTokenTTL: 60,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  };
}

function validatePayment(ctx, detail) {
  if (typeof detail.amount !== 'string') throw new errors.InvalidAuthorizationDetails('amount missing');
}

function logErrors(provider) {
  provider.on('server_error', (ctx, error) => console.error('server_error', error));
  for (const event of ['authorization', 'backchannel', 'grant', 'pushed_authorization_request']) {
    provider.on(`${event}.error`, (ctx, error) =>
      console.error(`${event}.error`, error.message, error.error_description ?? '', error.error_detail ?? ''));
  }
}
