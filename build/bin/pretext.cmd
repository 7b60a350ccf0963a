@echo off
rem The command line of the packaged program: needs no Node on the machine.
setlocal
set "resources=%~dp0.."
if not defined PRETEXT_RUNTIME set "PRETEXT_RUNTIME=%resources%\runtime"
if not defined PRETEXT_SAMPLES set "PRETEXT_SAMPLES=%resources%\samples"
"%~dp0node.exe" "%resources%\app.asar.unpacked\out\cli.mjs" %*
exit /b %ERRORLEVEL%
