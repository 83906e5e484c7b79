/** Signs and checks JWTs. Built as a separate file, dist/jwt-client.js, and loaded on first use. */
export { createDecoder, createSigner, createVerifier, TokenError } from 'fast-jwt';
