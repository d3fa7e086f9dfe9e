/** Keys behind tokens, servers and clouds: loaded only when one is named. */
export { openSigner } from '#keys';
