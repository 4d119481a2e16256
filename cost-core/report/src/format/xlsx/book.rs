//! The workbook: the first sheet with the title and the list of sheets, and a sheet per section.

use rust_xlsxwriter::utility::quote_sheet_name;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, IgnoreError, Workbook, Worksheet, XlsxError};

use super::look::{Kind, Look, Looks, Tone};
use super::names::Names;
use super::page::Page;
use super::sections::{Section, sections};
use super::text::{Limits, shown};
use crate::document::Document;
use crate::escape::starts_formula;

/// Name of the first sheet, if there are several.
const OVERVIEW: &str = "Overview";

/// Returns the bytes of a workbook with these documents.
pub(super) fn write(documents: &[Document], limits: Limits) -> Result<Vec<u8>, XlsxError> {
    let all = sections(documents);
    let title = all.first().map(|s| s.heading.as_str()).unwrap_or_default();
    let mut names = Names::default();
    let is_single = all.len() < 2;
    let first_name = names.name(if is_single { title } else { OVERVIEW }, None);
    let mut looks = Looks::default();
    let (mut sheets, mut list, mut cut) = (Vec::new(), Vec::new(), 0);
    for section in all.iter().skip(1) {
        let code = section.currency.as_ref().map(ToString::to_string);
        let name = names.name(&section.heading, code.as_deref());
        let (sheet, cuts) = sheet(section, (&name, &first_name), &mut looks, limits)?;
        sheets.push(sheet);
        list.push((name, section.heading.as_str()));
        cut += cuts;
    }
    let blocks = all.first().map(|s| s.blocks.as_slice()).unwrap_or_default();
    let mut page = Page::new(&first_name, blocks, &mut looks, limits, !is_single)?;
    page.heading(Kind::Title, title)?;
    page.blocks(blocks)?;
    contents(&mut page, &list)?;
    cut += page.cut;
    if cut > 0 {
        let longest = limits.text;
        let hint = format!(
            "Texts cut to {longest} characters, the most in a cell: {cut}. \
             The JSON output has them in full."
        );
        page.gap();
        page.spanning(&hint, Look { tone: Tone::Bad, ..Look::default() })?;
    }
    let (first, _) = page.finish()?;
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = shown(title, limits).0;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
    for mut sheet in std::iter::once(first).chain(sheets) {
        calm(&mut sheet, limits)?;
        book.push_worksheet(sheet);
    }
    book.save_to_buffer()
}

/// Returns the sheet of a section, with a link to the first sheet, and the number of texts cut.
fn sheet(
    section: &Section<'_>,
    (name, overview): (&str, &str),
    looks: &mut Looks,
    limits: Limits,
) -> Result<(Worksheet, usize), XlsxError> {
    let mut page = Page::new(name, &section.blocks, looks, limits, false)?;
    page.heading(Kind::Title, &section.heading)?;
    if let Some(row) = page.take(1) {
        link(&mut page, row, overview, "← Overview")?;
    }
    page.gap();
    page.blocks(&section.blocks)?;
    page.finish()
}

/// Writes the list of sheets with links.
fn contents(page: &mut Page<'_>, list: &[(String, &str)]) -> Result<(), XlsxError> {
    if list.is_empty() {
        return Ok(());
    }
    page.heading(Kind::Part, "Sheets")?;
    for (name, heading) in list {
        let Some(row) = page.take(1) else { return Ok(()) };
        link(page, row, name, name)?;
        page.put((row, 1), heading, Look::default())?;
    }
    Ok(())
}

fn link(page: &mut Page<'_>, row: u32, sheet: &str, text: &str) -> Result<(), XlsxError> {
    let look = Look { kind: Kind::Link, quoted: starts_formula(text), ..Look::default() };
    let target = format!("internal:{}!A1", quote_sheet_name(sheet));
    let (sheet, looks) = page.with_look();
    sheet.write_url_with_options(row, 0, target.as_str(), text, "", Some(looks.format(&look)))?;
    Ok(())
}

/// Turns off warnings about identifiers that consist of digits.
fn calm(sheet: &mut Worksheet, limits: Limits) -> Result<(), XlsxError> {
    let last = limits.rows.saturating_sub(1);
    sheet.ignore_error_range(0, 0, last, 255, IgnoreError::NumberStoredAsText)?;
    Ok(())
}
