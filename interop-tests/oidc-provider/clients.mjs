// One client for each way to authenticate and each kind of answer.

import { X509Certificate } from 'node:crypto';
import * as jose from 'jose';

export const SECRET = 'lab-secret-0123456789-0123456789-0123';
const WEIRD_SECRET = 'p%w:d+ /=~'.padEnd(40, 'x');

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const CIBA = 'urn:openid:params:grant-type:ciba';

const web = {
  redirect_uris: ['https://rp.localhost/cb'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', DEVICE],
  response_types: ['code'],
  scope: 'openid offline_access profile email api:read api:write',
};
const basic = { ...web, client_secret: SECRET, token_endpoint_auth_method: 'client_secret_basic' };

export async function clients({ clientKeys, mtlsCertificate, backchannelLogoutUri }) {
  const jwks = publicKeys(clientKeys);
  const signing = {
    ...web,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks,
  };
  return [
    {
      ...basic,
      client_id: 'basic',
      authorization_details_types: ['payment'],
      post_logout_redirect_uris: ['https://rp.localhost/post'],
      ...(backchannelLogoutUri && {
        backchannel_logout_uri: backchannelLogoutUri,
        backchannel_logout_session_required: true,
      }),
    },
    { ...basic, client_id: 'post', token_endpoint_auth_method: 'client_secret_post' },
    {
      ...basic,
      client_id: 'csjwt',
      token_endpoint_auth_method: 'client_secret_jwt',
      token_endpoint_auth_signing_alg: 'HS256',
    },
    { ...basic, client_id: 'weird:id%&+/', client_secret: WEIRD_SECRET },
    {
      ...web,
      client_id: 'native',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/cb', 'http://localhost/cb'],
      grant_types: ['authorization_code', 'refresh_token', DEVICE],
    },
    { ...web, client_id: 'attested', token_endpoint_auth_method: 'attest_jwt_client_auth' },
    { ...signing, client_id: 'pkjwt' },
    { ...signing, client_id: 'pkjwt-ps256', token_endpoint_auth_signing_alg: 'PS256' },
    { ...signing, client_id: 'pkjwt-rs256', token_endpoint_auth_signing_alg: 'RS256' },
    { ...signing, client_id: 'pkjwt-eddsa', token_endpoint_auth_signing_alg: 'EdDSA' },
    {
      ...signing,
      client_id: 'jar',
      request_object_signing_alg: 'ES256',
      require_signed_request_object: true,
    },
    {
      ...signing,
      client_id: 'jar-enc',
      request_object_signing_alg: 'ES256',
      request_object_encryption_alg: 'RSA-OAEP-256',
      request_object_encryption_enc: 'A256GCM',
      require_signed_request_object: true,
    },
    { ...basic, client_id: 'jarm', authorization_signed_response_alg: 'ES256', jwks },
    {
      ...basic,
      client_id: 'jarm-enc',
      authorization_signed_response_alg: 'ES256',
      authorization_encrypted_response_alg: 'RSA-OAEP-256',
      authorization_encrypted_response_enc: 'A256GCM',
      jwks,
    },
    {
      ...basic,
      client_id: 'enc-rsa',
      id_token_encrypted_response_alg: 'RSA-OAEP-256',
      id_token_encrypted_response_enc: 'A256GCM',
      userinfo_signed_response_alg: 'ES256',
      userinfo_encrypted_response_alg: 'ECDH-ES',
      userinfo_encrypted_response_enc: 'A128CBC-HS256',
      jwks,
    },
    { ...basic, client_id: 'userinfo-jwt', userinfo_signed_response_alg: 'ES256' },
    {
      ...basic,
      client_id: 'enc-ec',
      id_token_signed_response_alg: 'ES256',
      id_token_encrypted_response_alg: 'ECDH-ES',
      id_token_encrypted_response_enc: 'A256GCM',
      jwks,
    },
    {
      ...basic,
      client_id: 'dpop',
      dpop_bound_access_tokens: true,
      grant_types: [...web.grant_types, CIBA],
      backchannel_token_delivery_mode: 'poll',
    },
    { ...basic, client_id: 'par', require_pushed_authorization_requests: true },
    { ...basic, client_id: 'introjwt', introspection_signed_response_alg: 'ES256' },
    {
      ...basic,
      client_id: 'ciba',
      grant_types: [...web.grant_types, CIBA],
      backchannel_token_delivery_mode: 'poll',
    },
    {
      ...signing,
      client_id: 'ciba-signed',
      grant_types: [...web.grant_types, CIBA],
      backchannel_token_delivery_mode: 'poll',
      backchannel_authentication_request_signing_alg: 'ES256',
    },
    {
      ...web,
      client_id: 'mtls-self',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      tls_client_certificate_bound_access_tokens: true,
      jwks: { keys: [await certificateKey(mtlsCertificate)] },
    },
    {
      ...web,
      client_id: 'mtls-pki',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: new X509Certificate(mtlsCertificate).subject,
      tls_client_certificate_bound_access_tokens: true,
    },
    {
      ...signing,
      client_id: 'fapi2-dpop',
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
    },
    {
      ...signing,
      client_id: 'fapi2-dpop-signing',
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
      request_object_signing_alg: 'ES256',
      require_signed_request_object: true,
      authorization_signed_response_alg: 'ES256',
      introspection_signed_response_alg: 'ES256',
    },
    { ...fapi(signing), client_id: 'fapi2-mtls' },
    {
      ...fapi(signing),
      client_id: 'fapi2-mtls-signing',
      request_object_signing_alg: 'ES256',
      require_signed_request_object: true,
      authorization_signed_response_alg: 'ES256',
    },
    {
      ...basic,
      client_id: 'implicit',
      grant_types: ['implicit', 'authorization_code'],
      response_types: ['id_token', 'id_token token', 'code id_token', 'code id_token token', 'code token', 'code'],
    },
  ];
}

function fapi(client) {
  return {
    ...client,
    id_token_signed_response_alg: 'ES256',
    tls_client_certificate_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
  };
}

function publicKeys({ keys }) {
  return { keys: keys.map(({ d, p, q, dp, dq, qi, ...publicPart }) => publicPart) };
}

async function certificateKey(pem) {
  const certificate = new X509Certificate(pem);
  const jwk = await jose.exportJWK(certificate.publicKey);
  return { ...jwk, use: 'sig', kid: 'mtls', x5c: [certificate.raw.toString('base64')] };
}
