document.body?.classList.add('js-enabled', 'nhsuk-frontend-supported');
document.addEventListener('DOMContentLoaded', () =>
  document.body.classList.add('js-enabled', 'nhsuk-frontend-supported'));
