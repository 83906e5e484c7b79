/** The SDK's module build has the types of the package. */
declare module 'trtc-sdk-v5/trtc.esm.js' {
  export { default } from 'trtc-sdk-v5';
}
