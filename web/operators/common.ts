/**
 * What any two of the scripts main.js, setup.js and review.js have in common belongs to shared.js: all of them import it from
 * here, so that esbuild needs no file for each pair. If the build fails with two files called shared.js, a module is missing here.
 */
import './bulk';
import './covers';
import './days';
import './keyboard';
import './review/callback-state';
import './waiting';

export { loadPlots } from './lazy/load';
export { changeText } from './period';
