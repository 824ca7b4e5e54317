// Switches the NHS components' script on.  Every page works without it.
// Not the drop zone for files: its button hides its words from those who steer by voice.
import * as nhs from "./nhsuk/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
nhs.createAll(nhs.Button);
nhs.createAll(nhs.CharacterCount);
nhs.createAll(nhs.Checkboxes);
nhs.createAll(nhs.ErrorSummary);
nhs.createAll(nhs.Header);
nhs.createAll(nhs.NotificationBanner);
nhs.createAll(nhs.PasswordInput);
nhs.createAll(nhs.Radios);
nhs.createAll(nhs.SkipLink);
nhs.createAll(nhs.Tabs);
