/** A user's text with the words that were found in it marked. */
import { type Place, piecesOf } from './marks';

export function Marked({ text, places, test }: { text: string; places: readonly Place[]; test?: string }) {
  return (
    <bdi class="user-text written" data-test={test}>
      {piecesOf(text, places).map((piece, index) =>
        // The pieces of a text stay in their places.
        piece.hit ? <mark key={`${index}`}>{piece.text}</mark> : piece.text,
      )}
    </bdi>
  );
}
