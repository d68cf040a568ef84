//! The source of seed files: the folder `seeds` from the build of the program, or a folder that a person edits.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};

use crate::{
    domain::fault::{Faults, Spot},
    readers::yaml::{self, Listing, SourceFile},
};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// Where the seeds are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The seeds that the program brings along.
    Embedded,
    /// A folder of the same shape, read with the folders in it.
    Folder(PathBuf),
}

impl Source {
    pub(super) fn list(&self, faults: &mut Faults) -> Listing {
        let mut listing = match self {
            Self::Embedded => {
                let mut listing = empty("seeds");
                add_embedded(&mut listing, &EMBEDDED, faults);
                listing
            }
            Self::Folder(root) => {
                let mut listing = empty(&root.display().to_string());
                add_folder(&mut listing, root, root, faults);
                listing
            }
        };
        listing.files.sort_by(|one, other| one.path.cmp(&other.path));
        listing
    }
}

fn empty(shown: &str) -> Listing {
    Listing { shown: shown.to_owned(), files: Vec::new(), complete: true }
}

fn add_embedded(listing: &mut Listing, folder: &Dir<'_>, faults: &mut Faults) {
    for file in folder.files().filter(|file| is_yaml(file.path())) {
        let shown = Path::new(&listing.shown).join(file.path()).display().to_string();
        add(listing, file.path(), shown, Ok(file.contents().to_vec()), faults);
    }
    for folder in folder.dirs() {
        add_embedded(listing, folder, faults);
    }
}

fn add_folder(listing: &mut Listing, root: &Path, folder: &Path, faults: &mut Faults) {
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(error) => {
            listing.complete = false;
            faults.add(Spot::file(folder.display()), yaml::folder_unreadable(&error));
            return;
        }
    };
    // A hidden folder is an editor's, a version control's or, where a mounted volume swaps its content, a second copy.
    for entry in entries.iter().filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
        let path = entry.path();
        if path.is_dir() {
            add_folder(listing, root, &path, faults);
        } else if is_yaml(&path) {
            let inside = path.strip_prefix(root).unwrap_or(&path);
            add(listing, inside, path.display().to_string(), fs::read(&path), faults);
        }
    }
}

fn add(listing: &mut Listing, path: &Path, shown: String, content: io::Result<Vec<u8>>, faults: &mut Faults) {
    let text = match content {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| yaml::not_utf8()),
        Err(error) => Err(yaml::file_unreadable(&error)),
    };
    let text = text.map_err(|reason| faults.add(Spot::file(&shown), reason)).ok();
    let path = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    listing.files.push(SourceFile { path, shown, text });
}

/// `.yml` too, so that a file by that name is called unexpected instead of being passed over.
fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}
