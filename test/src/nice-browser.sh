#!/bin/sh
# Starts the browser at $HYPERROOM_BROWSER at a somewhat lower priority; much lower, and a busy machine starves it.
# With the right to do so, that is as root, Chromium would set its own priorities.
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
  exec nice -n 5 setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice "$HYPERROOM_BROWSER" "$@"
fi
exec nice -n 5 "$HYPERROOM_BROWSER" "$@"
