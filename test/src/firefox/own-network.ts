import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where a program in a network of its own is met. */
const ADDRESS = '10.77.0.1';
const NEEDED = { unshare: 'util-linux', ip: 'iproute2' };

/**
 * Beside the loopback interface there is a pair whose two ends are both in here, so nothing has a way out. Firefox takes for its
 * own the address that a way to everywhere would begin at, and has none without such a route.
 */
const SET_UP = `
set -e
ip link set lo up
ip link add inside type veth peer name nowhere
for end in inside nowhere; do
  ip link set "$end" addrgenmode none
  ip link set "$end" up
done
ip address add ${ADDRESS}/24 dev inside
ip route add default dev inside
exec "$@"
`;

/** Runs a program in a network of its own, which ends with it. Its exit code. */
export async function runInOwnNetwork(command: readonly string[], cwd: string): Promise<number> {
  for (const [program, from] of Object.entries(NEEDED)) await expectProgram(program, from);
  // A user who may not make a network may make one as root of a namespace of users.
  const child = spawn('unshare', ['--map-root-user', '--net', 'sh', '-c', SET_UP, 'sh', ...command], {
    cwd,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** Refuses to go on anywhere but in a network of its own. */
export function expectOwnNetwork(): void {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  if (addresses.every(({ address, internal }) => internal || address === ADDRESS)) return;
  throw new Error(
    'Firefox keeps off the loopback interface, so its tests want a network of their own: npm run test:firefox',
  );
}

async function expectProgram(name: string, from: string): Promise<void> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const isThere = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return;
  }
  throw new Error(`no ${name} found, which makes the network that Firefox is tested in: install ${from}, on Linux`);
}
