//! Which operations a page of any origin may call: those that take no keys, as the shopper's browser does.

use std::convert::Infallible;

use hyper::header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, HeaderName, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::{Any, CorsLayer};

use crate::contract::{Contract, Endpoint, Inputs};
use crate::paced::Paced;

/// What a browser is told about the operations at a path.
pub(crate) struct CrossOrigin {
    layer: CorsLayer,
    /// Whether the browser asks before it sends the page's own request.
    pub(crate) is_preflight: bool,
}

impl CrossOrigin {
    /// Returns `None` where no page may call: an operation with keys is for servers, and stays as silent to a browser as
    /// one that does not exist.
    pub(crate) fn of(contract: &Contract, request: &Parts, endpoint: Option<&Endpoint>) -> Option<Self> {
        let is_preflight = is_preflight(request);
        let asked = if is_preflight { contract.at(request.uri.path()) } else { endpoint.into_iter().collect() };
        let open: Vec<&Endpoint> = asked.into_iter().filter(|endpoint| endpoint.pair.is_none()).collect();
        (!open.is_empty()).then(|| Self { layer: layer(&open), is_preflight })
    }

    /// Adds the headers to an answer. That to a preflight is made of them alone.
    pub(crate) async fn add_to(self, request: Parts, answer: Response<Paced>) -> Response<Paced> {
        let mut answer = Some(answer);
        let answered = service_fn(|_: Request<()>| {
            let answer = answer.take().unwrap_or_default();
            async { Ok::<_, Infallible>(answer) }
        });
        match self.layer.layer(answered).oneshot(Request::from_parts(request, ())).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        }
    }
}

/// An OPTIONS without these headers is no question of a browser's.
fn is_preflight(request: &Parts) -> bool {
    let has = |header: HeaderName| request.headers.contains_key(header);
    request.method == Method::OPTIONS && has(ORIGIN) && has(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Any origin, since nothing here depends on who asks; no credentials, since the operation's token is no cookie; the
/// methods and headers of the operations alone.
fn layer(open: &[&Endpoint]) -> CorsLayer {
    let methods = open.iter().filter_map(|endpoint| endpoint.method.parse::<Method>().ok());
    let inputs = open.iter().filter_map(|endpoint| endpoint.parameters.as_ref()).flat_map(Inputs::headers);
    let headers = inputs.filter_map(|name| name.parse::<HeaderName>().ok()).chain([CONTENT_TYPE]);
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(methods.collect::<Vec<_>>())
        .allow_headers(headers.collect::<Vec<_>>())
}
