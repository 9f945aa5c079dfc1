#!/usr/bin/env bash
# Kurento that hangs does not end, so that systemd would not start it again. The agent asks it every five seconds and says
# at /healthz whether it answers.
set -euo pipefail

: "${HEALTH_PORT:?}"

interval=10
# Longer than Kurento takes to start, and than the agent takes to find it again.
patience=6
failures=0

while sleep "$interval"; do
  # An agent that does not answer says nothing about Kurento; systemd looks after it.
  health=$(curl --silent --max-time 5 "http://127.0.0.1:$HEALTH_PORT/healthz" || true)
  if [[ $health == *'"kurento":false'* ]]; then
    failures=$((failures + 1))
  else
    failures=0
  fi
  if ((failures >= patience)); then
    echo "Kurento has not answered for $((failures * interval)) s: restarting it" >&2
    systemctl restart hyperroom-kurento.service
    failures=0
  fi
done
