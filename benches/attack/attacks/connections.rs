//! Connections that do nothing but be there.

use std::net::{Ipv4Addr, SocketAddr};

use futures_util::StreamExt as _;
use tokio::{
    io::AsyncReadExt as _,
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{Duration, sleep, timeout},
};

use super::{RESPITE, Target, subscription::begun};

/// How many connections there are: more than the descriptors that most systems give to a process.
const CONNECTIONS: usize = 1500;

/// How long one is kept.
const HELD: Duration = Duration::from_mins(1);

/// Another address of this machine, so that the bound is seen that holds for one address and not for the proxy.
const ELSEWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), 0);

pub async fn idle(target: Target) {
    let mut all = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let target = target.clone();
        all.spawn(async move {
            loop {
                match connected(&target).await {
                    Ok(mut stream) => {
                        target.tally.receive();
                        let _ = timeout(HELD, stream.read(&mut [0])).await;
                    }
                    Err(_) => target.tally.break_off(),
                }
                sleep(RESPITE).await;
            }
        });
    }
    while all.join_next().await.is_some() {}
}

async fn connected(target: &Target) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // Only Linux has all addresses of the loopback network.
    let _ = socket.bind(ELSEWHERE);
    socket.connect(target.address).await
}

pub async fn sockets(target: Target) {
    let mut all = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let target = target.clone();
        all.spawn(async move {
            loop {
                match timeout(HELD, begun(&target)).await {
                    Ok(Ok(mut socket)) => {
                        target.tally.receive();
                        // Reading answers the pings of the server, so that it keeps the socket.
                        while let Some(Ok(_)) = socket.next().await {}
                    }
                    _ => target.tally.break_off(),
                }
                sleep(RESPITE).await;
            }
        });
    }
    while all.join_next().await.is_some() {}
}
