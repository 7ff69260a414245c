package io.webhookdb.security.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundPolicyTest {
    private final OutboundPolicy nothingListed = OutboundPolicy.parse("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2001:4860:4860::8888",
                "2a00::1"
            })
    void allowsPublicAddressesByHttps(String address) throws Exception {
        assertThat(nothingListed.check("https", InetAddress.getByName(address)).reason()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, this host",
        "0.1.2.3, this host",
        "127.0.0.1, loopback",
        "127.255.255.254, loopback",
        "10.0.0.1, private",
        "10.255.255.255, private",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.168.1.1, private",
        "100.64.0.1, shared",
        "100.127.255.255, shared",
        "169.254.1.1, link-local",
        "169.254.169.254, metadata",
        "169.254.170.2, metadata",
        "100.100.100.200, metadata",
        "168.63.129.16, metadata",
        "fd00:ec2::254, metadata",
        "192.0.0.1, reserved",
        "192.0.2.1, documentation",
        "198.51.100.1, documentation",
        "203.0.113.9, documentation",
        "198.18.0.1, benchmarks",
        "198.19.255.255, benchmarks",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, broadcast",
        "::, this host",
        "::1, loopback",
        "::7f00:1, IPv4 address",
        "64:ff9b::7f00:1, NAT64",
        "64:ff9b:1::a00:1, NAT64",
        "2001::1, Teredo",
        "2001:db8::1, documentation",
        "2002:7f00:1::, 6to4",
        "fc00::1, private",
        "fdff:ffff::1, private",
        "fe80::1, link-local",
        "febf::1, link-local",
        "fec0::1, private",
        "ff02::1, multicast",
        "100::1, reserved",
        "4000::1, reserved"
    })
    void refusesWhatIsNoPublicServer(String address, String meaning) throws Exception {
        OutboundPolicy.Verdict verdict =
                nothingListed.check("https", InetAddress.getByName(address));
        assertThat(verdict.isAllowed()).isFalse();
        assertThat(verdict.reason()).contains(meaning);
    }

    @Test
    void seesTheIpv4AddressInsideAMappedOne() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 10;
        mapped[15] = 1;
        InetAddress address = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(address).isInstanceOf(Inet6Address.class);
        assertThat(nothingListed.check("https", address).reason())
                .contains("10.0.0.1 is a private address");
        assertThat(OutboundPolicy.parse("10.0.0.0/8").check("https", address).isAllowed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "HTTP"})
    void refusesPlainHttpToPublicAddresses(String scheme) throws Exception {
        assertThat(nothingListed.check(scheme, InetAddress.getByName("1.1.1.1")).reason())
                .contains("use https");
    }

    @Test
    void allowsAListedRangeEvenByPlainHttp() throws Exception {
        OutboundPolicy policy = OutboundPolicy.parse("127.0.0.0/8, fd00::/8 10.1.2.3");
        for (String listed : new String[] {"127.0.0.1", "127.9.9.9", "fd12::1", "10.1.2.3"}) {
            assertThat(policy.check("http", InetAddress.getByName(listed)).isAllowed())
                    .as(listed)
                    .isTrue();
        }
        for (String other : new String[] {"10.1.2.4", "::1", "fc00::1", "192.168.0.1"}) {
            assertThat(policy.check("https", InetAddress.getByName(other)).isAllowed())
                    .as(other)
                    .isFalse();
        }
    }

    @Test
    void comparesThePrefixBitByBit() throws Exception {
        OutboundPolicy policy = OutboundPolicy.parse("10.0.128.0/17,fd00:0:0:8000::/49");
        assertThat(policy.check("https", InetAddress.getByName("10.0.255.1")).isAllowed()).isTrue();
        assertThat(policy.check("https", InetAddress.getByName("10.0.127.1")).isAllowed())
                .isFalse();
        assertThat(policy.check("https", InetAddress.getByName("fd00::8001:0:0:0:1")).isAllowed())
                .isTrue();
    }

    @Test
    void anEmptyPrefixListsEverythingOfItsFamilyOnly() throws Exception {
        OutboundPolicy policy = OutboundPolicy.parse("0.0.0.0/0");
        assertThat(policy.check("http", InetAddress.getByName("169.254.169.254")).isAllowed())
                .isTrue();
        assertThat(policy.check("https", InetAddress.getByName("::1")).isAllowed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "10.0.0.0/33",
                "fd00::/129",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0/8",
                "300.1.1.1",
                "fd00:::1",
                "10.0.0.0/8/8",
                "10.0.0.0/eight",
                "10.0.0.0/8;1.1.1.1"
            })
    void refusesAListThatIsNone(String list) {
        assertThatThrownBy(() -> OutboundPolicy.parse("127.0.0.1," + list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void resolvesAHostAndJudgesItsAddresses() throws Exception {
        OutboundPolicy policy = OutboundPolicy.parse("127.0.0.0/8,::1");
        assertThat(policy.resolve(URI.create("http://localhost:8080/x"))).isNotEmpty();
        assertThat(policy.resolve(URI.create("https://[::1]/")))
                .containsExactly(InetAddress.getByName("::1"));
        assertThatThrownBy(() -> nothingListed.resolve(URI.create("https://localhost/")))
                .isInstanceOf(OutboundRefusedException.class)
                .hasMessageContaining("localhost is refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://127.1/",
                "https://2130706433/",
                "https://0/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:a00:1]/",
                "https://public.example@127.0.0.1/",
                "https:///nowhere",
                "mailto:nobody@example.com"
            })
    void refusesTheTricksOfWriting(String url) {
        assertThatThrownBy(() -> nothingListed.resolve(URI.create(url)))
                .isInstanceOf(OutboundRefusedException.class);
    }
}
