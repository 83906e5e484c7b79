/** The plots' library, a separate file: only pages with a plot load it. */
export { default } from 'uplot';
