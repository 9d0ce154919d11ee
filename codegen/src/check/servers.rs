//! `servers`: the hosts of a path are those of one API, in the same order.

use std::collections::BTreeSet;

use crate::contract::{self, OperationNode};
use crate::finding::Finding;
use crate::node::{Entry, Node};
use crate::read::Document;

const RULE: &str = "servers";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let apis = document.root().get("x-apis").map(Node::entries).unwrap_or_default();
    let mut findings: Vec<Finding> = apis.iter().flat_map(hosts).collect();
    findings.extend(same_hosts(apis));
    let mut seen = BTreeSet::new();
    for operation in contract::operations(document).into_iter().filter(|operation| seen.insert(operation.path)) {
        findings.extend(judge(&operation, apis));
    }
    findings
}

/// The addresses of a list of servers or hosts.
fn addresses(list: &Node) -> Vec<&str> {
    list.elements().iter().filter_map(|one| one.text_of("url")).collect()
}

fn judge(operation: &OperationNode<'_>, apis: &[Entry]) -> Option<Finding> {
    let Some(servers) = operation.item.get("servers") else {
        return Some(Finding::new(RULE, &operation.item.at, "a path without `servers`", "write the hosts of its API"));
    };
    let found = addresses(servers);
    let Some(api) = apis.iter().find(|api| api.value.get("hosts").is_some_and(|hosts| addresses(hosts) == found))
    else {
        let known: Vec<&str> = apis.iter().map(|api| api.key.as_str()).collect();
        let fix = format!("copy the hosts of one of `x-apis`: {}", known.join(", "));
        return Some(Finding::new(RULE, &servers.at, "hosts that are those of no API", fix));
    };
    let prefix = api.value.text_of("prefix").unwrap_or_default();
    (!operation.path.starts_with(prefix)).then(|| {
        let message =
            format!("`{}` does not begin with `{prefix}`, as every path of `{}` does", operation.path, api.key);
        Finding::new(RULE, operation.path_at, message, "mend the path, or write the hosts of another API")
    })
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
