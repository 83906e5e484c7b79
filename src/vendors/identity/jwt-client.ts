/** Checks signatures of any algorithm. Built as a separate file, dist/jwt-client.js, and loaded on first use. */
export { createDecoder, createVerifier, TokenError } from 'fast-jwt';
