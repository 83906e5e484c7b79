/** The net under all other tests: an answer outside of the contract fails the test that got it. */
import { ERROR_CODES, type ErrorName } from '../../src/base/errors';
import { contract } from '../../src/contract';
import { type AnswerToCheck, checkAnswer } from '../../testkit/answers';

const META = { requestId: 'r', version: '1' };
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
};

function answer(path: string, body: object, rest: Partial<AnswerToCheck> = {}): AnswerToCheck {
  return {
    method: 'POST',
    path: `/base/v1/${path}`,
    status: 200,
    headers: HEADERS,
    text: JSON.stringify(body),
    ...rest,
  };
}

describe.each(Object.values(contract).map((endpoint) => [endpoint.path, endpoint] as const))(
  '%s',
  (_path, endpoint) => {
    const { path, okMessage, invalid } = endpoint;
    const data = 'exampleData' in endpoint ? { data: endpoint.exampleData } : {};
    const good = { errorCode: 0, errorMessage: okMessage, ...data, ...META };
    const declared: readonly ErrorName[] = endpoint.errors;
    const undeclared = declared.includes('ServiceSmsFailed') ? 'RoomsUserExists' : 'ServiceSmsFailed';

    test('its example and its own error pass', () => {
      checkAnswer(answer(path, good));
      checkAnswer(
        answer(path, { errorCode: 99, errorMessage: 'SystemError(99): not now', codeStr: 'SystemError', ...META }),
      );
    });

    const cases: [string, object, Partial<AnswerToCheck>?][] = [
      ['another status', good, { status: 500 }],
      ['a page', good, { text: '<html>' }],
      ['another type', good, { headers: { ...HEADERS, 'content-type': 'text/html' } }],
      ['an answer that may be kept', good, { headers: { ...HEADERS, 'cache-control': 'max-age=1' } }],
      ['another message', { ...good, errorMessage: 'fine' }],
      ['an undeclared field', { ...good, debug: true }],
      ['no request id', { ...good, requestId: undefined }],
      ['data that is null', { ...good, data: null }],
      ['data of another shape', { ...good, data: [{ x: 1 }] }],
      [
        'an error that the endpoint does not declare',
        {
          errorCode: ERROR_CODES[undeclared],
          errorMessage: `${undeclared}(${ERROR_CODES[undeclared]}): no`,
          codeStr: undeclared,
          ...META,
        },
      ],
      [
        'an error with data',
        { errorCode: 99, errorMessage: 'SystemError(99): not now', codeStr: 'SystemError', data: {}, ...META },
      ],
      [
        'an error under another number',
        { errorCode: 98, errorMessage: `${invalid}(98): wrong`, codeStr: 'SystemError', ...META },
      ],
      [
        'an error of several lines',
        { errorCode: 99, errorMessage: 'SystemError(99): a\n  at b', codeStr: 'SystemError', ...META },
      ],
    ];
    test.each(cases)('%s fails', (...[, body, rest]) => {
      expect(() => checkAnswer(answer(path, body, rest))).toThrow('broke the contract');
    });
  },
);

test.each(['/prod/base/v1/rooms/query_room', '//base//v1//rooms/query_room/', '/base/v1/rooms/query_room?limit=1'])(
  '%s is checked as well',
  (path) => {
    expect(() => checkAnswer(answer('', {}, { path }))).toThrow('broke the contract');
  },
);
