#!/bin/bash
# The whole story of tirl in about fifteen seconds: a guarded port, a stranger's scan, a knock, an open door, the
# daemon's sudden death, and the door shut again on time. Every line is printed after it was seen, never before.
#
# Needs root, iproute2, nftables, nmap, netcat-openbsd and a built program. Everything happens in two network
# namespaces of this run, which are removed at the end, however it ends.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tirl=$here/../tirl
server_ns=tldemo$$s client_ns=tldemo$$c
server=10.77.7.1 client=10.77.7.2 stranger=10.77.7.3
lease=6          # seconds that a knock opens the port for
patience=0.7     # seconds after which a connection attempt counts as unanswered
work='' daemon='' began=''
attempt='' attempted=''

# ---- telling -------------------------------------------------------------------------------------------------------

now() { echo "${EPOCHREALTIME/[.,]/}"; } # microseconds

tenths() { printf '%d.%d' $(($1 / 1000000)) $(($1 % 1000000 / 100000)); }

# say WHO WHAT SEEN
say() { printf '%6s s   %-9s %-39s %s\n' "$(tenths $(($(now) - began)))" "$1" "$2" "$3"; }

refuse() { # before anything was begun: one sentence
    echo "demo: $1" >&2
    exit 1
}

fail() { # fail EXPECTED SEEN
    {
        printf '\ndemo failed\n  expected  %s\n  seen      %s\n' "$1" "$2"
        if [ -s "$work/log" ]; then
            printf '  the end of the log of the daemon:\n'
            tail -n 15 "$work/log" | sed 's/^/    /'
        fi
    } >&2
    exit 1
}

# ---- acting --------------------------------------------------------------------------------------------------------

cleanup() {
    trap '' INT TERM
    local ns pid
    for ns in "$server_ns" "$client_ns"; do
        # Whatever lives in these namespaces was started by this script.
        for pid in $(ip netns pids "$ns" 2>/dev/null); do
            kill -KILL "$pid" 2>/dev/null
        done
        ip netns del "$ns" 2>/dev/null
    done
    [ -n "$work" ] && rm -rf "$work"
}

on_server() { ip netns exec "$server_ns" "$@"; }

on_client() { ip netns exec "$client_ns" "$@"; }

# connect FROM: sets `attempted` to banner, silent or refused, and `attempt` to what was read.
connect() {
    attempt=$(on_client timeout "$patience" nc -n -d -s "$1" "$server" 22 2>/dev/null)
    local status=$?
    attempt=${attempt%$'\r'}
    if [ -n "$attempt" ]; then
        attempted=banner
    elif [ "$status" -eq 124 ]; then
        attempted=silent
    else
        attempted=refused
    fi
}

# The service answers one connection at a time and is away for a moment after each: a reset is no answer to our question.
connect_settled() {
    local deadline=$(($(now) + 2000000))
    connect "$1"
    while [ "$attempted" = refused ] && [ "$(now)" -lt "$deadline" ]; do
        connect "$1"
    done
}

expect_banner() { # expect_banner FROM WHO WHAT
    connect_settled "$1"
    [ "$attempted" = banner ] || fail "a banner from port 22 for $1" "$attempted"
    say "$2" "$3" "\"$attempt\""
}

expect_silence() {
    connect_settled "$1"
    [ "$attempted" = silent ] || fail "no answer from port 22 for $1" "$attempted ${attempt:-}"
    say "$2" "$3" "no answer"
}

# ---- the stage -----------------------------------------------------------------------------------------------------

check_needs() {
    local tool
    [ "$(id -u)" -eq 0 ] || refuse "needs root, to make network namespaces; run it with sudo."
    for tool in ip nft nmap nc timeout; do
        command -v "$tool" >/dev/null || refuse "needs the program $tool (iproute2, nftables, nmap, netcat-openbsd)."
    done
    [ -x "$tirl" ] || refuse "there is no program $tirl yet; build it first with make."
    ip netns add "$server_ns" 2>/dev/null || refuse "this machine does not let root make network namespaces."
}

build_stage() {
    work=$(mktemp -d) &&
        ip netns add "$client_ns" &&
        ip -n "$server_ns" link add srv0 type veth peer name cli0 netns "$client_ns" &&
        ip -n "$server_ns" address add "$server/24" dev srv0 &&
        ip -n "$client_ns" address add "$client/24" dev cli0 &&
        ip -n "$client_ns" address add "$stranger/24" dev cli0 &&
        ip -n "$server_ns" link set lo up && ip -n "$server_ns" link set srv0 up &&
        ip -n "$client_ns" link set lo up && ip -n "$client_ns" link set cli0 up ||
        fail "two namespaces joined by a wire" "one of the ip commands failed"
    say stage "two network namespaces and a wire" "server $server"
    # shellcheck disable=SC2016
    on_server bash -c 'while printf "SSH-2.0-behind-the-door\r\n" | nc -n -N -l 22; do :; done' </dev/null &>/dev/null &
    disown
    local deadline=$(($(now) + 3000000))
    connect "$client"
    while [ "$attempted" != banner ] && [ "$(now)" -lt "$deadline" ]; do
        connect "$client"
    done
    [ "$attempted" = banner ] || fail "a service on port 22, before it is guarded" "$attempted"
    say server "a service listens on port 22" "\"$attempt\""
}

start_daemon() {
    cat >"$work/tirl.toml" <<CONFIG
[daemon]
interfaces = ["srv0"]
control = "$work/control.sock"
state = "$work/state"

[[service]]
name = "ssh"
ports = ["tcp/22"]

[[door]]
name = "demo"
sequence = ["tcp/9000", "udp/7000", "tcp/8000"]
within = "10s"
opens = ["ssh"]
for = "${lease}s"
CONFIG
    on_server "$tirl" serve -c "$work/tirl.toml" </dev/null &>"$work/log" &
    daemon=$!
    disown
    local deadline=$(($(now) + 15000000))
    until grep -q ' ready: ' "$work/log"; do
        [ -d "/proc/$daemon" ] || fail "a daemon that gets ready" "it ended"
        [ "$(now)" -lt "$deadline" ] || fail "a daemon that gets ready" "nothing for 15 s"
        sleep 0.02
    done
    say server "tirl serve" "ready, port 22 is guarded"
}

kill_daemon() {
    # The launcher may be a shell that waits for the JVM: both go.
    kill -KILL $(cat /proc/"$daemon"/task/*/children 2>/dev/null) "$daemon"
    local deadline=$(($(now) + 2000000))
    while [ -d "/proc/$daemon" ]; do
        [ "$(now)" -lt "$deadline" ] || fail "a killed daemon" "process $daemon lives"
        sleep 0.01
    done
    say server "kill -KILL of the daemon" "process $daemon is gone"
}

# ---- the story -----------------------------------------------------------------------------------------------------

check_needs
trap cleanup EXIT
trap 'exit 1' INT TERM
began=$(now)

build_stage
start_daemon
expect_silence "$client" client "connects to port 22"

scan=$(on_client nmap -n -Pn -sS -p 22 --max-retries 1 -e cli0 -S "$stranger" "$server" 2>&1)
grep -q '^22/tcp *filtered' <<<"$scan" || fail "nmap sees 22/tcp filtered" "$scan"
say stranger "scans port 22 with nmap" "filtered"

knocked=$(on_client "$tirl" knock -d 10 "$server" 9000 7000:udp 8000 2>&1) || fail "tirl knock ends well" "$knocked"
opened=$(now)
say client "tirl knock 9000 7000:udp 8000" "sent"
expect_banner "$client" client "connects to port 22"
expect_silence "$stranger" stranger "connects to port 22"

kill_daemon
expect_banner "$client" client "connects again, no daemon there"
expect_silence "$stranger" stranger "connects to port 22"

# The lease is an element in the kernel with a time of its own: it has to end without anybody's help.
deadline=$((opened + (lease + 3) * 1000000))
while :; do
    shut=$(now)
    connect "$client"
    [ "$attempted" = silent ] && break
    [ "$shut" -lt "$deadline" ] || fail "port 22 shut after $lease s" "still open after $(tenths $((shut - opened))) s"
    sleep 0.05
done
open_for=$((shut - opened))
[ "$open_for" -ge $(((lease - 1) * 1000000)) ] || fail "port 22 open for $lease s" "shut after $(tenths $open_for) s"
say client "connects until nobody answers" "shut after $(tenths $open_for) s, lease $lease s"
expect_silence "$client" client "connects to port 22"
printf '\nSeen: shut, knocked, open for one address, daemon killed, shut again on time.\n'
