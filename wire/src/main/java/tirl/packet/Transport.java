package tirl.packet;

/** What a packet carries above IP, as far as a knock cares. ICMP stands for ICMPv4 and ICMPv6 alike. */
public enum Transport {
    TCP,
    UDP,
    ICMP
}
