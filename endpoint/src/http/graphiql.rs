//! The playground at `/graphiql`: GraphiQL and all that it loads, served from the binary.
//!
//! The networks where this runs are closed, so nothing may come from a CDN: the usual page of async-graphql stays blank there. What
//! the files are, and how they were made, is told in `endpoint/assets/graphiql/README.md`. Nothing else of the server lives here.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::product::Playground;

/// What the page may load and do.
///
/// - Scripts come from this server only; none is inline and none is made from text.
/// - So do styles, but for one: while a dialog or menu is open, GraphiQL puts a `<style>` into the page that stops the page behind it
///   from scrolling. The hash is of that style's text; `endpoint/assets/graphiql/README.md` tells how to find it.
/// - Images may be `data:`: the marks of the linter are in the style sheet.
/// - `'self'` in `connect-src` covers the WebSocket of the same host too.
/// - No other site may frame the page, because a click in it can run a mutation.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'sha256-Y/huXlwoYkVyQlxwSVcCi1RCDGDCSVBzDt0hYP9qlTc='; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The names carry no version, so a browser asks each time; the answer is nearly always a short `304 Not Modified`.
const CACHE_CONTROL: &str = "no-cache";

const CSS: &str = "text/css; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// A file of the playground.
struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: Bytes,
}

macro_rules! asset {
    ($name:literal, $content_type:expr) => {
        Asset {
            name: $name,
            content_type: $content_type,
            content: Bytes::from_static(include_bytes!(concat!("../../assets/graphiql/", $name))),
        }
    };
}

/// The page, and what is served below `/graphiql/`. The licences are part of it because the binary is a copy of what they cover.
struct Files {
    page: Asset,
    loaded: [Asset; 9],
    /// One tag for all files, since they change together. It is weak, because a layer above may compress them. A new compiler may hash
    /// otherwise; then browsers fetch once more.
    etag: String,
}

impl Files {
    /// The files, with what the product shows at first.
    fn of(playground: Playground) -> Self {
        let page = shown(&asset!("index.html", HTML), playground);
        let loaded = [
            asset!("graphiql.min.css", CSS),
            asset!("graphiql.min.js", JAVASCRIPT),
            asset!("LICENSE-bundled.txt", TEXT),
            asset!("LICENSE-graphiql.txt", TEXT),
            asset!("LICENSE-react.txt", TEXT),
            asset!("react-dom.production.min.js", JAVASCRIPT),
            asset!("react.production.min.js", JAVASCRIPT),
            asset!("start.css", CSS),
            shown(&asset!("start.js", JAVASCRIPT), playground),
        ];
        let mut hasher = DefaultHasher::new();
        for asset in loaded.iter().chain([&page]) {
            asset.content.hash(&mut hasher);
        }
        let etag = format!("W/\"{:016x}\"", hasher.finish());
        Self { page, loaded, etag }
    }
}

/// A text with what the product shows at first.
fn shown(asset: &Asset, Playground { title, query }: Playground) -> Asset {
    let text = String::from_utf8_lossy(&asset.content).replace("{{title}}", title).replace("{{query}}", query);
    Asset { content: text.into(), name: asset.name, content_type: asset.content_type }
}

/// `GET /graphiql` is the page, `GET /graphiql/{file}` what it loads.
pub fn routes<S>(playground: Playground) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new().route("/graphiql", get(page)).route("/graphiql/{file}", get(file)).with_state(Arc::new(Files::of(playground)))
}

async fn page(State(files): State<Arc<Files>>, request: HeaderMap) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)], respond(&files.page, &files.etag, &request)).into_response()
}

async fn file(State(files): State<Arc<Files>>, Path(name): Path<String>, request: HeaderMap) -> Response {
    match files.loaded.iter().find(|asset| asset.name == name) {
        Some(asset) => respond(asset, &files.etag, &request),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The file, or word that the browser's copy is still right.
fn respond(asset: &Asset, etag: &str, request: &HeaderMap) -> Response {
    let common = [(header::ETAG, etag), (header::CACHE_CONTROL, CACHE_CONTROL), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    if is_current(request, etag) {
        (StatusCode::NOT_MODIFIED, common).into_response()
    } else {
        (common, [(header::CONTENT_TYPE, asset.content_type)], asset.content.clone()).into_response()
    }
}

/// Whether `If-None-Match` names this tag, by the weak comparison that RFC 9110 prescribes for it.
pub(crate) fn is_current(request: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || opaque(tag) == opaque(etag))
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, to_bytes},
        http::{Request, header::HeaderName},
    };
    use tower::ServiceExt as _;

    use super::*;

    const PLAYGROUND: Playground = Playground { title: "Books", query: "{ books }" };

    async fn fetch(path: &str, if_none_match: Option<&str>) -> Response {
        let mut request = Request::get(path);
        if let Some(tags) = if_none_match {
            request = request.header(header::IF_NONE_MATCH, tags);
        }
        routes::<()>(PLAYGROUND).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    fn header_of(response: &Response, name: HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    async fn text_of(response: Response) -> String {
        String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
    }

    /// What the page loads, as written in it.
    fn loaded(page: &str) -> Vec<&str> {
        ["src=\"", "href=\""]
            .iter()
            .flat_map(|attribute| page.split(attribute).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|address| !address.starts_with("data:"))
            .collect()
    }

    #[tokio::test]
    async fn the_page_is_chinese_html_under_a_strict_policy() {
        let response = fetch("/graphiql", None).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(header_of(&response, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let policy = header_of(&response, header::CONTENT_SECURITY_POLICY).to_owned();
        assert!(policy.contains("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
        let page = text_of(response).await;
        assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("<title>Books GraphiQL</title>"));
    }

    #[tokio::test]
    async fn all_that_the_page_loads_is_served() {
        let page = text_of(fetch("/graphiql", None).await).await;
        let files = loaded(&page);
        assert_eq!(files.len(), 6, "{files:?}");
        for file in files {
            let response = fetch(&format!("/{file}"), None).await;
            assert_eq!(response.status(), StatusCode::OK, "{file}");
            let expected =
                if file.rsplit('.').next() == Some("css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
            assert_eq!(header_of(&response, header::CONTENT_TYPE), expected, "{file}");
            assert_eq!(header_of(&response, header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{file}");
            assert!(!text_of(response).await.is_empty(), "{file}");
        }
    }

    #[tokio::test]
    async fn nothing_is_loaded_from_elsewhere() {
        let page = text_of(fetch("/graphiql", None).await).await;
        assert!(loaded(&page).iter().all(|address| address.starts_with("graphiql/")), "{page}");
        for asset in Files::of(PLAYGROUND).loaded.iter().filter(|asset| asset.content_type != TEXT) {
            let content = String::from_utf8_lossy(&asset.content);
            assert!(!content.contains("sourceMappingURL"), "{}", asset.name);
            if asset.content_type == CSS {
                assert!(!content.contains("@import") && !content.contains("url(http") && !content.contains("url(//"), "{}", asset.name);
            }
        }
    }

    #[tokio::test]
    async fn no_script_or_style_is_inline() {
        let page = text_of(fetch("/graphiql", None).await).await;
        assert!(page.split("<script").skip(1).all(|script| script.contains("></script>") && script.contains(" src=\"")));
        assert!(!page.contains("<style") && !page.contains("style=") && !page.contains(" on"), "{page}");
    }

    #[tokio::test]
    async fn a_copy_that_is_current_is_not_sent_again() {
        let first = fetch("/graphiql/graphiql.min.js", None).await;
        assert_eq!(header_of(&first, header::CACHE_CONTROL), "no-cache");
        let etag = header_of(&first, header::ETAG).to_owned();
        assert!(etag.starts_with("W/\"") && etag.ends_with('"'), "{etag}");

        let strong = etag.trim_start_matches("W/").to_owned();
        for tags in [&etag, &strong, &format!("\"another\", {etag}"), &"*".to_owned()] {
            let again = fetch("/graphiql/graphiql.min.js", Some(tags)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{tags}");
            assert_eq!(header_of(&again, header::ETAG), etag);
            assert!(text_of(again).await.is_empty(), "{tags}");
        }
        assert_eq!(fetch("/graphiql/graphiql.min.js", Some("\"another\"")).await.status(), StatusCode::OK);
        assert_eq!(fetch("/graphiql", Some(&etag)).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn only_the_listed_files_exist() {
        for path in ["/graphiql/index.html", "/graphiql/README.md", "/graphiql/", "/graphiql/..%2f..%2fCargo.toml", "/graphiql/none.js"] {
            assert_eq!(fetch(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
