//! The address of whoever asks: the peer, or what a trusted proxy says of it.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName};
use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Serialize};

/// Each proxy adds at its end who connected to it, so the end is the only part that a client cannot write.
static HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How many proxies may stand in a row. None has so many; it bounds the work on a header that is made of trusted addresses.
const LONGEST_CHAIN: usize = 32;

/// The longest an address can be written: IPv6 that embeds IPv4, in brackets, with zone and port. It spares looking at the rest.
const LONGEST_ADDRESS: usize = 80;

/// The proxies whose word is taken for who asks. By default there are none, and the peer is who asks.
///
/// Read from a list of addresses and CIDR ranges, separated by commas: `10.0.0.1,192.168.0.0/16,fd00::/8`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Proxies(Vec<IpNet>);

/// An entry of the list is neither an address nor a range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}”不是 IP 地址或网段：请写作 10.0.0.1,192.168.0.0/16，以逗号分隔。 \
     · `{0}` is no IP address or range: write them as 10.0.0.1,192.168.0.0/16, separated by commas."
)]
pub struct ProxiesError(String);

impl FromStr for Proxies {
    type Err = ProxiesError;

    fn from_str(list: &str) -> Result<Self, Self::Err> {
        list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(range).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<Vec<String>> for Proxies {
    type Error = ProxiesError;

    fn try_from(list: Vec<String>) -> Result<Self, Self::Error> {
        list.iter().map(|entry| range(entry.trim())).collect::<Result<_, _>>().map(Self)
    }
}

impl From<Proxies> for Vec<String> {
    fn from(proxies: Proxies) -> Self {
        proxies.0.iter().map(ToString::to_string).collect()
    }
}

impl Proxies {
    /// Who asks, as far as anybody trusted knows: the last address in `X-Forwarded-For` that is not a trusted proxy's.
    ///
    /// A peer that is no trusted proxy is who asks, whatever it writes into the header. Where a trusted proxy passes on what is no
    /// address, that proxy is the answer: whatever stands before may be invented. The answer is never IPv4 in the form of IPv6, so
    /// that one client does not appear as two.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        // As bytes and one by one, because the client may have sent anything in front of what the proxies added.
        let lines = headers.get_all(&HEADER).iter().rev();
        let mut entries = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')).take(LONGEST_CHAIN);
        let mut client = peer.to_canonical();
        while self.trust(client)
            && let Some(next) = entries.next().and_then(address)
        {
            client = next;
        }
        client
    }

    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(&address))
    }
}

/// An entry of the list of proxies, in the form that addresses are compared in.
fn range(entry: &str) -> Result<IpNet, ProxiesError> {
    let range = entry.parse().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from)).map_err(|_| ProxiesError(entry.to_owned()))?;
    Ok(canonical(range).unwrap_or(range))
}

/// The IPv4 range that an IPv6 one within `::ffff:0:0/96` stands for.
fn canonical(range: IpNet) -> Option<IpNet> {
    let IpNet::V6(range) = range else { return None };
    let length = range.prefix_len().checked_sub(96)?;
    Some(Ipv4Net::new(range.addr().to_ipv4_mapped()?, length).ok()?.into())
}

/// An address as proxies write it: some add the port, and then IPv6 has brackets; some put brackets without a port.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let entry = entry.trim_ascii();
    if entry.len() > LONGEST_ADDRESS {
        return None;
    }
    let entry = str::from_utf8(entry).ok()?;
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let address = entry.parse().ok().or_else(|| entry.parse().ok().map(|socket: SocketAddr| socket.ip())).or_else(bracketed)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        lines.iter().map(|line| (HEADER.clone(), axum::http::HeaderValue::from_bytes(line).unwrap())).collect()
    }

    /// Who asks, where 10.0.0.0/8 and `fd00::/8` are trusted.
    fn client(peer: &str, lines: &[&str]) -> String {
        let proxies: Proxies = "10.0.0.0/8, fd00::/8".parse().unwrap();
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        proxies.client(ip(peer), &headers(&lines)).to_string()
    }

    #[test]
    fn an_untrusted_peer_is_who_asks_whatever_it_says() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(client("2001:db8::9", &["198.51.100.1"]), "2001:db8::9");
        let nobody = Proxies::default();
        assert_eq!(nobody.client(ip("127.0.0.1"), &headers(&[b"198.51.100.1"])), ip("127.0.0.1"));
    }

    #[test]
    fn a_chain_is_walked_from_its_end_to_the_first_that_is_not_trusted() {
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 10.0.0.2,10.0.0.3"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 10.9.9.9, 198.51.100.1"]), "198.51.100.1", "what the client wrote itself");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.2", "10.0.0.3"]), "198.51.100.1", "several lines");
        assert_eq!(client("10.0.0.1", &["10.0.0.2, 10.0.0.3"]), "10.0.0.2", "all trusted: the farthest");
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, , 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 1.2.3, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &[""]), "10.0.0.1");
        for entry in ["198.51.100.1:99999", "198.51.100.1:", "[198.51.100.1]", "[2001:db8::1", "2001:db8::1]", "198.51.100.1/32", ":80"] {
            assert_eq!(client("10.0.0.1", &[entry]), "10.0.0.1", "{entry}");
        }
    }

    #[test]
    fn what_a_client_sends_cannot_hide_what_the_proxy_adds() {
        let proxies: Proxies = "10.0.0.1".parse().unwrap();
        assert_eq!(proxies.client(ip("10.0.0.1"), &headers(&[b"\xe4\xb8\xad\xff, 198.51.100.1"])), ip("198.51.100.1"));
        let long = ["1".repeat(1024 * 1024).as_bytes(), b", 198.51.100.1"].concat();
        assert_eq!(proxies.client(ip("10.0.0.1"), &headers(&[&long])), ip("198.51.100.1"));
    }

    #[test]
    fn long_headers_are_not_read_to_the_end() {
        assert_eq!(client("10.0.0.1", &[&"1".repeat(1024 * 1024)]), "10.0.0.1");
        let chain = format!("198.51.100.1{}", ", 10.0.0.2".repeat(LONGEST_CHAIN));
        assert_eq!(client("10.0.0.1", &[&chain]), "10.0.0.2");
        let chain = format!("198.51.100.1{}", ", 10.0.0.2".repeat(LONGEST_CHAIN - 1));
        assert_eq!(client("10.0.0.1", &[&chain]), "198.51.100.1");
    }

    #[test]
    fn ports_and_brackets_are_left_off() {
        for (entry, address) in [
            ("198.51.100.1:4711", "198.51.100.1"),
            ("\t198.51.100.1 ", "198.51.100.1"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("2001:db8::1, [fd00::2]:443", "2001:db8::1"),
        ] {
            assert_eq!(client("fd00::1", &[entry]), address, "{entry}");
        }
    }

    #[test]
    fn ipv4_in_the_form_of_ipv6_is_ipv4() {
        assert_eq!(client("::ffff:203.0.113.9", &[]), "203.0.113.9");
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, [::ffff:10.0.0.2]:443"]), "198.51.100.1");
        let proxies: Proxies = "::ffff:10.0.0.0/104, ::ffff:192.0.2.1".parse().unwrap();
        assert_eq!(proxies, "10.0.0.0/8,192.0.2.1".parse().unwrap());
        assert!(!"::/0".parse::<Proxies>().unwrap().trust(ip("10.0.0.1")));
    }

    #[test]
    fn the_list_is_read_and_its_faults_are_named() {
        assert_eq!("".parse(), Ok(Proxies::default()));
        assert_eq!(" , ".parse(), Ok(Proxies::default()));
        let proxies: Proxies = "10.1.2.3/8,2001:db8::1".parse().unwrap();
        assert!(proxies.trust(ip("10.200.0.1")) && proxies.trust(ip("2001:db8::1")) && !proxies.trust(ip("2001:db8::2")));
        for fault in ["localhost", "10.0.0.0/33", "10.0.0", "fd00::/129", "10.0.0.1:80"] {
            assert_eq!(format!("10.0.0.1,{fault}").parse::<Proxies>(), Err(ProxiesError(fault.to_owned())));
        }
    }
}
