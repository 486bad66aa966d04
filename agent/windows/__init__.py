"""Every `winreg` and `ctypes` call for Windows; everything else imports and runs on Linux too."""
