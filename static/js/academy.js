// The NHS components' script is fetched only by a page that holds a component with behaviour.
const WITH_BEHAVIOUR = [
  '[data-module="nhsuk-button"][data-prevent-double-click]',
  ...['character-count', 'checkboxes', 'error-summary', 'notification-banner', 'password-input',
    'radios', 'tabs'].map((name) => `[data-module="nhsuk-${name}"]`),
].join();

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported');

if (document.querySelector(WITH_BEHAVIOUR)) {
  const { initAll } = await import(document.querySelector('meta[name="nhsuk-script"]').content);
  initAll();
}
