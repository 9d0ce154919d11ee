//! `servers`: the hosts of a path are those of one API, in the same order; so are those of the root, which
//! linters want and nothing else reads.

use std::collections::BTreeSet;

use crate::document::{self, OperationNode};
use crate::finding::Finding;
use crate::node::{Entry, Node};
use crate::read::Document;

const RULE: &str = "servers";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let apis = document.root().get("x-apis").map(Node::entries).unwrap_or_default();
    let mut findings: Vec<Finding> = apis.iter().flat_map(hosts).collect();
    findings.extend(same_hosts(apis));
    findings.extend(document.root().get("servers").and_then(|servers| strangers(servers, apis)));
    let mut seen = BTreeSet::new();
    for operation in document::operations(document).into_iter().filter(|operation| seen.insert(operation.path)) {
        findings.extend(judge(&operation, apis));
    }
    findings
}

/// Other tools take the root's hosts for paths that forget their own: keys sent to a stranger are given away.
fn strangers(servers: &Node, apis: &[Entry]) -> Option<Finding> {
    let found = addresses(servers);
    api_of(&found, apis).is_none().then(|| of_no_api(servers, apis))
}

/// The API that has exactly these hosts.
fn api_of<'d>(found: &[&str], apis: &'d [Entry]) -> Option<&'d Entry> {
    apis.iter().find(|api| api.value.get("hosts").is_some_and(|hosts| addresses(hosts) == found))
}

fn of_no_api(servers: &Node, apis: &[Entry]) -> Finding {
    let known: Vec<&str> = apis.iter().map(|api| api.key.as_str()).collect();
    let fix = format!("copy the hosts of one of `x-apis`: {}", known.join(", "));
    Finding::new(RULE, &servers.at, "hosts that are those of no API", fix)
}

/// The addresses of a list of servers or hosts.
fn addresses(list: &Node) -> Vec<&str> {
    list.elements().iter().filter_map(|one| one.text_of("url")).collect()
}

fn judge(operation: &OperationNode<'_>, apis: &[Entry]) -> Option<Finding> {
    let Some(servers) = operation.item.get("servers") else {
        return Some(Finding::new(RULE, &operation.item.at, "a path without `servers`", "write the hosts of its API"));
    };
    let Some(api) = api_of(&addresses(servers), apis) else { return Some(of_no_api(servers, apis)) };
    let prefix = api.value.text_of("prefix").unwrap_or_default();
    (!is_below(operation.path, prefix)).then(|| {
        let message =
            format!("`{}` does not begin with `{prefix}`, as every path of `{}` does", operation.path, api.key);
        Finding::new(RULE, operation.path_at, message, "mend the path, or write the hosts of another API")
    })
}

/// Whether a path begins with whole parts of another.
fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Keys and cards travel to these addresses: encrypted, and to a host alone.
fn hosts(api: &Entry) -> Vec<Finding> {
    let hosts = api.value.get("hosts").map(Node::elements).unwrap_or_default();
    let mut findings = Vec::new();
    for (index, host) in hosts.iter().enumerate() {
        findings.extend(host.get("url").and_then(odd_address));
        let environment = host.get("environment");
        if let Some(environment) =
            environment.filter(|_| hosts[..index].iter().any(|other| other.get("environment") == environment))
        {
            findings.push(Finding::new(RULE, &environment.at, "a second host of one environment", "keep one of them"));
        }
    }
    findings
}

fn odd_address(url: &Node) -> Option<Finding> {
    let host = url.text()?.strip_prefix("https://").unwrap_or_default();
    let is_host = !host.is_empty() && host.chars().all(|char| char.is_ascii_alphanumeric() || ".-:".contains(char));
    (!is_host).then(|| {
        Finding::new(
            RULE,
            &url.at,
            "a host that is no `https://` address of a host alone",
            "write `https://` and the host, without a path or a slash at the end",
        )
    })
}

/// Which API a path belongs to is told by its hosts.
fn same_hosts(apis: &[Entry]) -> Vec<Finding> {
    let hosts = |api: &Entry| api.value.get("hosts").map(|hosts| addresses(hosts).join(" "));
    let second =
        apis.iter().enumerate().filter(|(index, api)| apis[..*index].iter().any(|other| hosts(other) == hosts(api)));
    second
        .map(|(_, api)| {
            let message = format!("`{}` has the hosts of another API", api.key);
            Finding::new(RULE, &api.at, message, "write one API for both")
        })
        .collect()
}
