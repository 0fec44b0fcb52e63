// A certified OpenID provider for the interop tests: on localhost, on two free ports, until standard input ends.
//
// TLS_DIR holds what the test made for this run:
//   server.key, server.pem      the certificate for localhost
//   client-keys.json            the private JWK Set of the clients that sign or decrypt
//   mtls-client.pem             the certificate of the clients that authenticate with one
// DPOP_NONCE=1                  asks for a nonce in every DPoP proof
// BACKCHANNEL_LOGOUT_URI        where the client "basic" hears of logouts

import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { newProvider } from './provider.mjs';

const file = (name) => fs.readFileSync(path.join(process.env.TLS_DIR, name), 'utf8');

async function listen(options) {
  const server = https.createServer({ key: file('server.key'), cert: file('server.pem'), ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const origin = (server) => `https://localhost:${server.address().port}`;

const plain = await listen({});
const mutual = await listen({ requestCert: true, rejectUnauthorized: false });

const provider = await newProvider({
  issuer: origin(plain),
  mtlsOrigin: origin(mutual),
  clientKeys: JSON.parse(file('client-keys.json')),
  mtlsCertificate: file('mtls-client.pem'),
  dpopNonce: process.env.DPOP_NONCE === '1',
  backchannelLogoutUri: process.env.BACKCHANNEL_LOGOUT_URI,
});

plain.on('request', provider.callback());
mutual.on('request', provider.callback());

process.stdin.on('end', () => process.exit()).resume();
console.log('OP up', origin(plain));
