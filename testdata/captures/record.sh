#!/usr/bin/env bash
# Records the captures in this folder with real tools, in two namespaces of its own. Run as root; needs iproute2,
# tcpdump, hping3, iputils-ping, knockd (for knock), netcat-openbsd and python3. The expectations are in
# wire/src/test/java/tirl/packet/CaptureTest.java and were checked against `tcpdump -nr`.
set -euo pipefail
cd "$(dirname "$0")"
a=tlcapa b=tlcapb
cleanup() {
  for ns in $a $b; do
    ip netns pids $ns 2>/dev/null | xargs -r kill 2>/dev/null || true
    ip netns del $ns 2>/dev/null || true
  done
}
trap cleanup EXIT
ip netns add $a; ip netns add $b
ip -n $a link add v0 type veth peer name v0 netns $b
for ns in $a $b; do ip -n $ns link set lo up; ip netns exec $ns sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.v0.accept_dad=0; ip -n $ns link set v0 up; done
ip -n $a addr add 10.99.0.1/24 dev v0; ip -n $b addr add 10.99.0.2/24 dev v0
ip -n $a addr add fd99::1/64 dev v0 nodad; ip -n $b addr add fd99::2/64 dev v0 nodad
ip -n $a tuntap add mode tun name t0; ip -n $a addr add 10.99.8.1/24 dev t0; ip -n $a link set t0 up

record() { # FILE INTERFACE FILTER COMMAND... : what the server namespace receives while the client runs the command
  local file=$1 iface=$2 filter=$3; shift 3
  ip netns exec $a tcpdump -q -U --immediate-mode -Z root -i "$iface" $extra -Q in -w "$file" "$filter" 2>tcpdump.err &
  local pid=$!
  until grep -q 'listening on' tcpdump.err; do sleep 0.05; done
  ip netns exec $b "$@" >/dev/null 2>&1 || true
  sleep 0.3; kill $pid; wait $pid 2>/dev/null || true; rm -f tcpdump.err
}
syn='hping3 -q -c 1 -S -s 40001 -k'
extra=
ip netns exec $b ping -c1 -w2 10.99.0.1 >/dev/null; ip netns exec $b ping -c1 -w2 fd99::1 >/dev/null
record ethernet-tcp.pcap v0 'dst host 10.99.0.1 and tcp' $syn -p 7000 10.99.0.1
record ethernet-fin.pcap v0 'dst host 10.99.0.1 and tcp' hping3 -q -c 1 -F -s 40002 -k -p 7001 10.99.0.1
record ethernet-udp.pcap v0 'dst host 10.99.0.1 and udp' sh -c 'printf x | nc -u -w1 -p 40003 10.99.0.1 8000'
record ethernet-icmp.pcap v0 'dst host 10.99.0.1 and icmp' ping -c 1 -s 64 10.99.0.1
record ethernet-arp.pcap v0 'arp' sh -c 'ip neigh flush dev v0; ping -c 1 10.99.0.1'
record ethernet-tcp6.pcap v0 'ip6 and tcp' nc -6 -w1 -p 40004 fd99::1 7000
record ethernet-udp6.pcap v0 'ip6 and udp' sh -c 'printf xyz | nc -6 -u -w1 -p 40005 fd99::1 8000'
record ethernet-icmp6.pcap v0 'icmp6 and ip6[40] = 128' ping -c 1 -s 100 fd99::1
# Tagged frames come from a packet socket: not every kernel has VLAN interfaces.
record vlan-tcp.pcap v0 'vlan 7 and tcp' python3 -c "
import socket, struct
tcp = struct.pack('!HHIIBBHHH', 40009, 7000, 1, 0, 0x50, 0x02, 64240, 0, 0)
ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 40, 1, 0, 64, 6, 0, bytes([10, 99, 0, 2]), bytes([10, 99, 0, 1]))
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('v0', 0))
s.send(bytes.fromhex('$(ip -n $a -br link show v0 | awk '{gsub(":","",$3); print $3}')') + bytes(6) + struct.pack('!HHH', 0x8100, 7, 0x0800) + ip + tcp)
"
record ipv4-options.pcap v0 'dst host 10.99.0.1 and icmp' ping -R -c 1 -s 56 10.99.0.1
record ipv4-fragments.pcap v0 'dst host 10.99.0.1 and ip[6:2] & 0x3fff != 0' ping -c 1 -s 3000 10.99.0.1
record ipv6-fragments.pcap v0 'ip6 and ip6[6] = 44' ping -c 1 -s 3000 fd99::1
extra='-y LINUX_SLL'; record cooked-v1.pcap any 'dst host 10.99.0.1 and tcp' $syn -p 7000 10.99.0.1
extra='-y LINUX_SLL2'; record cooked-v2.pcap any 'dst host 10.99.0.1 and tcp' $syn -p 7000 10.99.0.1
extra=
record ipv6-extensions.pcap v0 'ip6[6] = 0 or ip6[6] = 60' python3 - <<'PY'
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(('fd99::2', 40006))
padn = lambda n: bytes([0, n]) + b'\x01\x04\x00\x00\x00\x00' + (b'\x01' + bytes([n*8-2]) + bytes(n*8-2) if n else b'')
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS, padn(0))
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, padn(1))
s.sendto(b'hello', ('fd99::1', 8000))
PY
# Loopback is Ethernet on Linux; the packet is seen by the namespace that sends it.
ip netns exec $a tcpdump -q -U --immediate-mode -Z root -i lo -Q in -w loopback.pcap 'udp dst port 8000' 2>tcpdump.err & pid=$!
until grep -q 'listening on' tcpdump.err; do sleep 0.05; done
ip netns exec $a sh -c 'printf x | nc -u -w1 -p 40007 127.0.0.1 8000' >/dev/null 2>&1 || true
sleep 0.3; kill $pid; wait $pid 2>/dev/null || true; rm -f tcpdump.err
# A tun device hands over IP without a link header; what is written into it arrives at the host.
ip netns exec $a python3 - <<'PY'
import fcntl, os, struct, subprocess, time
tun = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack('16sH', b't0', 0x1001))  # TUNSETIFF, IFF_TUN | IFF_NO_PI
dump = subprocess.Popen(['tcpdump', '-q', '-U', '--immediate-mode', '-Z', 'root', '-i', 't0', '-Q', 'in', '-w', 'raw-tun.pcap', 'tcp'], stderr=subprocess.PIPE)
dump.stderr.readline()
time.sleep(0.3)
tcp = struct.pack('!HHIIBBHHH', 40008, 7000, 1, 0, 0x50, 0x02, 64240, 0, 0)
ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 40, 1, 0, 64, 6, 0, bytes([10, 99, 8, 2]), bytes([10, 99, 8, 1]))
os.write(tun, ip + tcp)
time.sleep(0.3)
dump.terminate(); dump.wait()
PY
