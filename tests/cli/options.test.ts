/** The words after `live-room`. */
import { readOptions } from '../../cli/options';

describe('live-room', () => {
  it('starts the service on its own, on a port that is asked for', () => {
    expect(readOptions([])).toEqual({ command: 'start', port: undefined });
    expect(readOptions(['--port', '8080'])).toEqual({ command: 'start', port: 8080 });
    expect(readOptions(['start', '--port=0'])).toEqual({ command: 'start', port: 0 });
  });

  it.each([
    ['https://1-x.ap-guangzhou.tencentscf.com', 'https://1-x.ap-guangzhou.tencentscf.com/'],
    ['https://live.example.com/', 'https://live.example.com/'],
    ['https://live.example.com/release', 'https://live.example.com/release/'],
    ['https://live.example.com/release/base/v1/rooms/query_room?limit=1', 'https://live.example.com/release/'],
    ['http://localhost:9000/console', 'http://localhost:9000/'],
    ['http://localhost:9000/operators/#/rooms', 'http://localhost:9000/'],
  ])('shows the console of %s', (text, service) => {
    expect(readOptions(['console', text])).toEqual({ command: 'console', service, port: 0 });
  });

  it.each([
    [['console'], 'say which service'],
    [['console', 'live.example.com'], 'is not an http(s) address'],
    [['console', 'file:///etc/passwd'], 'is not an http(s) address'],
    [['console', 'https://a.example', 'https://b.example'], 'too much'],
    [['--port', '99999'], '--port must be'],
    [['--port'], '--port must be'],
    [['--verbose'], 'no option --verbose'],
    [['deploy'], 'no command deploy'],
  ])('refuses %j and says why', (args, problem) => {
    expect(readOptions(args)).toEqual({ command: 'wrong', problem: expect.stringContaining(problem) });
  });

  it('migrates: plans unless --apply is given', () => {
    expect(readOptions(['migrate'])).toEqual({ command: 'migrate', apply: false });
    expect(readOptions(['migrate', '--plan'])).toEqual({ command: 'migrate', apply: false });
    expect(readOptions(['migrate', '--apply'])).toEqual({ command: 'migrate', apply: true });
    for (const wrong of [['migrate', '--plan', '--apply'], ['migrate', 'now'], ['--apply']]) {
      expect(readOptions(wrong)).toMatchObject({ command: 'wrong' });
    }
  });

  it('has a help and a version', () => {
    expect(readOptions(['console', '--help'])).toEqual({ command: 'help' });
    expect(readOptions(['-v'])).toEqual({ command: 'version' });
  });
});
