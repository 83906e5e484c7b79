/**
 * What any two of the scripts main.js, setup.js and review.js have in common belongs to shared.js: all of them import it from
 * here, so that esbuild needs no file for each pair. A build that fails because of two files called shared.js names what is missing.
 */
import './bulk';
import './days';
import './keyboard';
import './review/callback-state';
import './waiting';

export { loadPlots } from './lazy/load';
export { changeText } from './period';
