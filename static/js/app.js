import { startDialogs } from "./dialog.js";
import { startDrafts } from "./draft.js";
import { startForms } from "./forms.js";
import { startLists } from "./lists.js";
import { startOffline } from "./offline.js";
import { startOutbox } from "./outbox.js";
import { startPhotos } from "./photos.js";
import { startSearch } from "./search.js";
import { startSignIn } from "./sign-in.js";
import { startTheme } from "./theme.js";
import { startTypeahead } from "./typeahead.js";
import { startUploads } from "./upload.js";
import { startVisitForm } from "./visit-form.js";

document.documentElement.dataset.js = "";
startTheme();
startDialogs();
startForms();
startSearch();
startSignIn();
startLists();
startUploads();
startTypeahead();
startPhotos();
// The visit form makes room for its issues before its draft is filled in.
startVisitForm();
startDrafts();
startOutbox();
startOffline();
