/** TRTC's web SDK, a separate file, loaded when an operator watches a room. */
export { default } from 'trtc-sdk-v5/trtc.esm.js';
