//! HTML format: one page to open in a browser, send, and print.
//!
//! The page is one file and loads nothing. Its Content-Security-Policy allows only its own style and
//! script, by their hashes, so that text from a bill could not run even if it were not escaped. All
//! content is readable without the script. The script adds sorting, filters, search, copying as CSV,
//! and tooltips; it never parses text as markup.

mod bars;
mod body;
mod figure;
mod ids;
mod inline;
mod policy;
mod table;
#[cfg(test)]
mod tests;
mod tree;

use body::{Body, Entry};

use crate::document::Document;
use crate::escape::xml_text;
use crate::renderer::{Format, RenderOptions, Rendered};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::text::Text;

pub(super) struct Html;

/// Style and script of the page. They contain no data.
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "a page to open in a browser, send, and print"
    }

    fn render(
        &self,
        report: &dyn Report,
        options: &RenderOptions,
    ) -> Result<Rendered, ReportError> {
        let view = ViewOptions { top: options.top, audience: Audience::Interactive };
        Ok(page(&report.documents(&view)).into())
    }
}

/// Title of pages whose report has none.
const UNTITLED: &str = "Cost report";

fn page(documents: &[Document]) -> String {
    let mut body = Body::of(documents);
    for document in documents {
        body.document(document);
    }
    let title = documents.iter().find_map(|d| d.title.as_ref()).map(Text::to_plain);
    let title = xml_text(title.as_deref().unwrap_or(UNTITLED));
    let mut out = head(&title);
    out.push_str(&format!(
        "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n\
         <header class=\"top\"><p class=\"brand\"><bdi>{title}</bdi></p>\
         <div class=\"tools\" hidden><input type=\"search\" id=\"q\" placeholder=\"Search the report\" \
         aria-label=\"Search the report\" autocomplete=\"off\" spellcheck=\"false\">\
         <output id=\"hits\" for=\"q\"></output>\
         <button type=\"button\" id=\"theme\">Dark</button></div></header>\n"
    ));
    out.push_str("<div class=\"page\">\n");
    out.push_str(&navigation(&body.entries));
    out.push_str(&format!("<main id=\"main\" tabindex=\"-1\">\n{}</main>\n</div>\n", body.out));
    out.push_str("<footer><p>This page is one file. It loads nothing from the network and sends nothing.</p></footer>\n");
    out.push_str(&format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

fn head(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n",
        policy::policy(STYLE, SCRIPT)
    )
}

/// Returns the links to all sections.
fn navigation(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let titles = entries.iter().filter(|e| e.is_title).count();
    let entry = |e: &Entry| {
        let class = if e.is_title { " class=\"nt\"" } else { "" };
        format!("<li{class}><a href=\"#{}\">{}</a></li>\n", e.id, e.text)
    };
    // The title of a single document is at the top anyway.
    let shown = entries.iter().filter(|e| titles > 1 || !e.is_title);
    format!(
        "<nav aria-label=\"Sections\"><ul>\n{}</ul></nav>\n",
        shown.map(entry).collect::<String>()
    )
}
