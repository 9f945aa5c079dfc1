/** What `start.sh` reads, by name. */
export type HostSettings = Readonly<Record<string, string>>;

export interface UserDataOptions {
  readonly bucket: string;
  readonly key: string;
  readonly settings: HostSettings;
}

/** What an instance runs at its first boot: it fetches what a media host runs, writes down its settings and starts. */
export function userDataOf({ bucket, key, settings }: UserDataOptions): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  return `#!/usr/bin/env bash
set -euo pipefail
umask 077
folder=\${HYPERROOM_ROOT:-}/opt/hyperroom
mkdir --parents "$folder" "\${HYPERROOM_ROOT:-}/etc/hyperroom"
cat >"\${HYPERROOM_ROOT:-}/etc/hyperroom/host.env" <<'END'
${lines.join('\n')}
END
# The network and the role of a young instance may be there a moment later than it.
for attempt in {1..10}; do
  if aws s3 cp --only-show-errors 's3://${bucket}/${key}' "$folder/host.zip"; then break; fi
  echo "attempt $attempt to fetch the media host failed" >&2
  sleep 3
done
python3 -m zipfile --extract "$folder/host.zip" "$folder/host"
# systemd's units read there as other users.
chmod --recursive go+rX "\${HYPERROOM_ROOT:-}/opt/hyperroom"
exec bash "$folder/host/start.sh"
`;
}
