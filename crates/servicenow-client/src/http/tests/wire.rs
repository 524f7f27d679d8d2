//! How requests travel: over connections that are kept, compressed, in HTTP/2 where it is offered, and never to a host that
//! has gone silent for longer than it takes to notice.

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::encrypted::{RIGHT, authority_named, server_config, settings};
use super::*;

/// Serves every request of every connection with this answer until the test ends; returns the port, and what each
/// connection has received so far.
async fn serve_all(answer: Vec<u8>) -> (u16, Arc<std::sync::Mutex<Vec<Vec<String>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let received: Arc<std::sync::Mutex<Vec<Vec<String>>>> = Arc::default();
    let log = Arc::clone(&received);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            let number = {
                let mut log = log.lock().unwrap();
                log.push(Vec::new());
                log.len() - 1
            };
            tokio::spawn(async move {
                let mut bytes = vec![0; 64 * 1024];
                while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                    log.lock().unwrap()[number].push(String::from_utf8_lossy(&bytes[..length]).into_owned());
                    stream.write_all(&answer).await.unwrap();
                }
            });
        }
    });
    (port, received)
}

#[tokio::test]
async fn requests_one_after_the_other_use_one_connection() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"result\":[]}";
    let (port, received) = serve_all(answer.to_vec()).await;
    let transport = transport(port);
    for _ in 0..5 {
        assert_eq!(transport.send(&request()).await.unwrap().status, 200);
    }
    let received = received.lock().unwrap();
    assert_eq!(received.iter().map(Vec::len).collect::<Vec<_>>(), [5]);
}

/// `{"result":[{"name":"compressed"}]}`, compressed.
const COMPRESSED: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 74, 45, 46, 205, 41, 81, 178, 138, 174, 86, 202, 75, 204,
    77, 85, 178, 82, 74, 206, 207, 45, 0, 138, 22, 167, 166, 40, 213, 198, 214, 2, 0, 157, 161, 90, 175, 34,
    0, 0, 0,
];

#[tokio::test]
async fn an_answer_travels_compressed() {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", COMPRESSED.len());
    let (port, received) = serve_all([head.as_bytes(), COMPRESSED].concat()).await;
    let response = transport(port).send(&request()).await.unwrap();
    assert_eq!(response.body, br#"{"result":[{"name":"compressed"}]}"#);
    let received = received.lock().unwrap()[0][0].to_lowercase();
    assert!(received.contains("accept-encoding: gzip"), "{received}");
}

#[tokio::test]
async fn a_compressed_answer_that_breaks_off_may_have_taken_effect() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", 12);
    let (port, _) = serve_all([head.as_bytes(), &COMPRESSED[..12]].concat()).await;
    let error = transport(port).send(&request()).await.unwrap_err();
    assert!(error.sent, "{error}");
}

/// What a server does with a request in HTTP/2.
#[derive(Clone, Copy)]
enum Manner {
    Answers,
    /// Takes the request and is never heard of again.
    Vanishes,
}

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const ACKNOWLEDGED: u8 = 1;
const END_OF_HEADERS: u8 = 4;
const END_OF_STREAM: u8 = 1;

fn frame(kind: u8, flags: u8, stream: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream, payload].concat()
}

/// One connection in HTTP/2: the preface, then a frame after the other.
async fn speak(mut stream: TlsStream<TcpStream>, manner: Manner) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    stream.write_all(&frame(SETTINGS, 0, [0; 4], &[])).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, stream_id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        match (kind, manner) {
            (SETTINGS, _) if flags & ACKNOWLEDGED == 0 => {
                stream.write_all(&frame(SETTINGS, ACKNOWLEDGED, [0; 4], &[])).await?;
            }
            (HEADERS, Manner::Vanishes) => std::future::pending().await,
            (HEADERS, Manner::Answers) => {
                // The eighth entry of the table that both sides know is the status 200.
                const STATUS_OK: u8 = 0x88;
                stream.write_all(&frame(HEADERS, END_OF_HEADERS, stream_id, &[STATUS_OK])).await?;
                stream.write_all(&frame(0, END_OF_STREAM, stream_id, b"{\"result\":[]}")).await?;
            }
            _ => {}
        }
    }
}

/// A server that offers HTTP/2, and settings that trust it.
async fn second_version(manner: Manner) -> HttpSettings {
    let authority = authority_named("one");
    let mut config = server_config(&authority, RIGHT);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move { speak(acceptor.accept(stream).await?, manner).await });
        }
    });
    settings(port, Some(&authority))
}

#[tokio::test]
async fn the_second_version_of_http_is_spoken_where_it_is_offered() {
    let transport = HttpTransport::new(second_version(Manner::Answers).await);
    for _ in 0..3 {
        let response = transport.send(&request()).await.unwrap();
        assert_eq!((response.status, &response.body[..]), (200, &b"{\"result\":[]}"[..]));
    }
}

#[tokio::test]
async fn a_host_that_is_gone_is_noticed_before_the_time_of_the_request_is_over() {
    let settings = second_version(Manner::Vanishes).await;
    let alive_check = Duration::from_millis(50);
    let transport = HttpTransport::new(HttpSettings { alive_check, ..settings });
    // Were it the time of the request, the error would say so.
    let error = transport.send(&request()).await.unwrap_err();
    assert_eq!((error.sent, error.kind), (true, Cause::Lost), "{error}");
}
