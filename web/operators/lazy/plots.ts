/** The plots' library, a file of its own: only the pages that draw a plot load it. */
export { default } from 'uplot';
