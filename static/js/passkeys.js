// A passkey that failed says so on the page, in words, and not only in the console.
document.addEventListener('allauth.error', (event) => {
  const trouble = document.getElementById('passkey-trouble');
  if (!trouble) return;
  event.preventDefault();
  trouble.hidden = false;
  trouble.tabIndex = -1;
  trouble.focus();
});
