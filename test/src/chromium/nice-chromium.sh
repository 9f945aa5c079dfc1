#!/bin/sh
# Starts the Chromium at $HYPERROOM_CHROMIUM at low priority.
# Playwright gives it a session of its own, and Linux may weigh sessions before processes.
{ echo 10 > /proc/self/autogroup; } 2> /dev/null
# With the right to do so, that is as root, Chromium would set its own priorities.
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
  exec nice -n 10 setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice "$HYPERROOM_CHROMIUM" "$@"
fi
exec nice -n 10 "$HYPERROOM_CHROMIUM" "$@"
