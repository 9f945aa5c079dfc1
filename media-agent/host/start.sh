#!/usr/bin/env bash
# Makes this host a media node: Kurento, the agent and, where wanted, coturn. User data run it at the first boot,
# hyperroom-host.service at every later one; what is there and what runs already is left as it is.
set -euo pipefail
umask 077

host=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The root of the file system; another one in tests.
root=${HYPERROOM_ROOT:-}
etc=$root/etc/hyperroom
logs=$root/var/log/hyperroom
imds=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}/latest

log() {
  printf '%s hyperroom: %s\n' "$(date --utc +%FT%TZ)" "$*" >&2
}

fail() {
  log "failed: $*"
  exit 1
}

# retry <attempts> <what it is> <command>…: waits longer each time, up to half a minute.
retry() {
  local attempts=$1 what=$2 attempt pause=1
  shift 2
  for ((attempt = 1; attempt < attempts; attempt++)); do
    if "$@"; then return; fi
    log "$what: attempt $attempt of $attempts failed, again in $pause s"
    sleep "$pause"
    pause=$((pause * 2 > 30 ? 30 : pause * 2))
  done
  "$@" || fail "$what"
}

# Written whole or not at all; for root alone.
write() {
  cat >"$1.new"
  mv "$1.new" "$1"
}

read_settings() {
  # shellcheck source=/dev/null
  source "$etc/host.env"
  # shellcheck source=images.env
  source "$host/images.env"
  : "${AWS_REGION:?}" "${DOMAIN:?}" "${SIGNALLING_URL:?}" "${MANAGEMENT_ENDPOINT:?}" "${NODE_SECRET_ARN:?}"
  : "${LOG_GROUP:?}" "${START_HOOK:?}" "${DRAIN_HOOK:?}" "${DRAIN_SECONDS:?}" "${DRAIN_LIMIT_SECONDS:?}"
  : "${KURENTO_PORT:?}" "${HEALTH_PORT:?}" "${MEDIA_MIN_PORT:?}" "${MEDIA_MAX_PORT:?}"
  : "${CAPACITY:=}" "${TURN_SECRET_ARN:=}" "${STACK:?}" "${STACK_RESOURCE:?}"
  export AWS_REGION
}

# metadata <path>: IMDSv2.
metadata() {
  curl --silent --show-error --fail --max-time 2 --header "X-aws-ec2-metadata-token: $imds_token" "$imds/meta-data/$1"
}

metadata_token() {
  imds_token=$(curl --silent --show-error --fail --max-time 2 --request PUT \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/api/token")
}

# The address and the tags of a young instance may be there a moment later than the rest.
host_metadata() {
  instance_id=$(metadata instance-id) &&
    private_ip=$(metadata local-ipv4) &&
    public_ip=$(metadata public-ipv4) &&
    group=$(metadata tags/instance/aws:autoscaling:groupName)
}

read_metadata() {
  retry 8 'instance metadata' metadata_token
  retry 8 'identity, public IPv4 address and Auto Scaling group' host_metadata
  log "this is $instance_id at $public_ip ($private_ip), of $group"
}

install_packages() {
  local packages=(docker iptables-nft nodejs24 amazon-cloudwatch-agent)
  if rpm --query --quiet "${packages[@]}"; then return; fi
  retry 6 'packages' dnf install --assumeyes --quiet "${packages[@]}"
}

pull() {
  if docker image inspect "$1" >/dev/null 2>&1; then return; fi
  retry 6 "image $1" docker pull --quiet "$1"
}

pull_images() {
  systemctl enable --now docker.service
  pull "$KURENTO_IMAGE"
  if [[ $TURN_SECRET_ARN ]]; then pull "$COTURN_IMAGE"; fi
}

configure_kurento() {
  # As docker's --env-file takes it: without quotes.
  write "$etc/kurento.env" <<END
KMS_EXTERNAL_IPV4=$public_ip
KMS_MIN_PORT=$MEDIA_MIN_PORT
KMS_MAX_PORT=$MEDIA_MAX_PORT
GST_DEBUG=2
END
}

secret() {
  aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text
}

fetch_turn_secret() {
  turn_secret=$(secret "$TURN_SECRET_ARN")
}

configure_coturn() {
  if [[ -z $TURN_SECRET_ARN ]]; then
    turn_urls=''
    write "$etc/turn-secret" </dev/null
    return
  fi
  retry 6 'TURN secret' fetch_turn_secret
  turn_urls="turn:$public_ip:3478?transport=udp,turn:$public_ip:3478?transport=tcp"
  printf '%s' "$turn_secret" | write "$etc/turn-secret"
  {
    cat "$host/turnserver.conf"
    cat <<END
realm=$DOMAIN
static-auth-secret=$turn_secret
listening-port=3478
listening-ip=$private_ip
relay-ip=$private_ip
external-ip=$public_ip/$private_ip
allowed-peer-ip=$private_ip
min-port=$((MEDIA_MAX_PORT + 1))
max-port=65535
END
  } | write "$etc/turnserver.conf"
  # coturn runs as nobody in its container; here the folder is closed.
  chmod 644 "$etc/turnserver.conf"
}

configure_agent() {
  write "$etc/agent.env" <<END
SIGNALLING_URL='$SIGNALLING_URL'
MANAGEMENT_ENDPOINT='$MANAGEMENT_ENDPOINT'
DOMAIN='$DOMAIN'
AWS_REGION='$AWS_REGION'
NODE_ID='$instance_id'
NODE_SECRET_ARN='$NODE_SECRET_ARN'
KURENTO_URL='ws://127.0.0.1:$KURENTO_PORT/kurento'
HEALTH_PORT='$HEALTH_PORT'
TURN_URLS='$turn_urls'
DRAIN_SECONDS='$DRAIN_SECONDS'
DRAIN_LIMIT_SECONDS='$DRAIN_LIMIT_SECONDS'
AUTO_SCALING_GROUP='$group'
AUTO_SCALING_HOOK='$DRAIN_HOOK'
END
  # Without one the agent reckons with the host's processors.
  if [[ $CAPACITY ]]; then echo "CAPACITY='$CAPACITY'" >>"$etc/agent.env"; fi
}

# collected <file> <stream>: as the CloudWatch agent is told of a file.
collected() {
  printf '{"file_path": "%s", "log_group_name": "%s", "log_stream_name": "%s"}' "$1" "$LOG_GROUP" "$instance_id/$2"
}

configure_logs() {
  mkdir --parents "$logs"
  install --mode 644 "$host/logrotate.conf" "$root/etc/logrotate.d/hyperroom"
  local name files
  files=$(collected "$root/var/log/cloud-init-output.log" start)
  for name in agent kurento coturn; do files+=", $(collected "$logs/$name.log" "$name")"; done
  write "$etc/logs.json" <<<"{\"logs\": {\"logs_collected\": {\"files\": {\"collect_list\": [$files]}}}}"
  amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c "file:$etc/logs.json" >/dev/null ||
    log 'no CloudWatch agent: the logs stay on this host'
}

# Kurento has no authentication, and listens on every address. No security group opens its port; nor does the host.
close_kurento() {
  local rule=(INPUT ! --in-interface lo --protocol tcp --dport "$KURENTO_PORT" --jump DROP)
  iptables --wait --check "${rule[@]}" 2>/dev/null || iptables --wait --insert "${rule[@]}"
}

# Kurento leaves Nagle's algorithm on: a delayed ACK on the loopback would hold its events for 40 ms.
hasten_loopback() {
  ip route change table local local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 quickack 1 ||
    log 'no quick ACK on the loopback: answers of Kurento may take 40 ms longer'
}

start_units() {
  install --mode 644 "$host"/hyperroom* "$root/etc/systemd/system/"
  systemctl daemon-reload
  systemctl enable hyperroom-host.service
  local units=(hyperroom-kurento.service hyperroom-agent.service hyperroom-watch.service)
  if [[ $TURN_SECRET_ARN ]]; then units+=(hyperroom-coturn.service); fi
  systemctl start "${units[@]}"
}

registered() {
  curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:$HEALTH_PORT/healthz"
}

# Only now may the group take this host for one in service: it replaces one that never says so. A deployment that waits
# for the host hears of it, too.
report_for_service() {
  local reported=$etc/in-service
  if [[ -e $reported ]]; then return; fi
  retry 8 'lifecycle action' aws autoscaling complete-lifecycle-action --auto-scaling-group-name "$group" \
    --lifecycle-hook-name "$START_HOOK" --instance-id "$instance_id" --lifecycle-action-result CONTINUE
  aws cloudformation signal-resource --stack-name "$STACK" --logical-resource-id "$STACK_RESOURCE" \
    --unique-id "$instance_id" --status SUCCESS || log 'no deployment waits for this host'
  touch "$reported"
}

main() {
  read_settings
  read_metadata
  install_packages
  configure_logs
  pull_images
  configure_kurento
  configure_coturn
  configure_agent
  close_kurento
  hasten_loopback
  start_units
  retry 20 'registration with the conference' registered
  report_for_service
  log 'in service'
}

main
