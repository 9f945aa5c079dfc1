// Preloaded into every child process: its stdin is a pipe that closes when the parent ends, however it ends.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
