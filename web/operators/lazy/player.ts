/** TRTC's web SDK, a file of its own: it is loaded when an operator watches a room. */
export { default } from 'trtc-sdk-v5/trtc.esm.js';
